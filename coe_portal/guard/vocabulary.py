"""The words of a hospital that tell a patient's story from the news of a day."""

import re
from textwrap import dedent

from coe_portal.guard.patterns import words


def listed(text: str) -> str:
    """Words and phrases, one line or several, parted by commas."""
    return words(*(each.strip() for each in dedent(text).replace("\n", " ").split(",") if each.strip()))


ILLNESS = listed(
    r"""
    cancer, leukemia, lymphoma, tumou?r, stroke, heart attack, cardiac arrest, diabet\w+, overdos\w+, seizures?,
    sepsis, septic, pneumonia, covid, hiv, hepatitis, miscarr\w+, stillb\w+, preemie, premature, suicid\w+,
    psychosis, schizophreni\w+, fractur\w+, broken \w+, amputat\w+, burns?, gunshot, gsw, stab\w*, mva, trauma,
    brain bleed, brain injury, brain death, transplant\w*, chemo\w*, dialysis, intubat\w+, ventilator, cpr,
    coded, code blue, appendi\w+, surgery, c-section, bleed\w*, hemorrhage, meningitis, rash, infection,
    anaphyla\w+, asthma, dementia, alzheimer\w*, parkinson\w*, bipolar, withdrawal, detox, std, syphilis,
    chlamydia, pregnan\w+, labor, measles, rabies, electrocut\w+, drown\w*, pancreatitis, npo, relapse\w*,
    remission, anorexia, hospice, biopsy
    """
)
PLACE_OF_CARE = listed(
    r"""
    icu, nicu, picu, ed, er, emergency room, emergency department, our unit, my unit, the unit, trauma bay,
    labor and delivery, l&d, oncology, telemetry, step-?down, med-?surg, behavioral health, psych, our clinic,
    my clinic, our floor, my floor, our ward, my ward, triage, the or, pacu, burn unit, cath lab
    """
)
CARE = listed(
    r"""
    patient, admitted, discharged, diagnos\w+, surgery, chart, lab results?, prognosis, hospice, room, bedside,
    biopsy, recover\w+
    """
)
IN_CARE = listed(
    r"""
    my patients?, our patients?, took care of, taking care of, cared for, on the table, was in for, is in for,
    labs?, test results?, his family, her family, his wife, her husband, her baby, stretcher, ambulance, rehab,
    went home, follow-?up, meds, wheelchair, dnr, intake, overnight, bed
    """
)
FATE = listed(r"didn't make it, passed away, lost him, lost her, lost them, shot, crash\w*, injur\w+, hurt, died, fell")
NOW = listed(
    r"""
    today, tonight, yesterday, this morning, this afternoon, this evening, this week, this shift, last night,
    last week, last shift, last weekend, just now, just got, just had, just came, just lost, just saved, on my
    shift, my shift, came in, brought in, admitted, lost him, lost her, small town, from
    \w+(?:ville|ton|field|dale|burg), my patients?, our patients?
    """
)
KNOWN_IN_TOWN = listed(
    r"""
    teacher, trooper, firefighter, fireman, policeman, police officer, sheriff, deputy, mayor, pastor, priest,
    rabbi, imam, coach, principal, judge, councilman, councilwoman, senator, celebrity, actor, actress, singer,
    quarterback, player, farmer, mail carrier, bus driver, cheerleader, news anchor, reporter, triplets, twins
    """
)
SOMEBODY = listed(
    r"""
    guy, man, woman, lady, gentleman, boy, girl, toddler, infant, newborn, teenager, teen, kid, mom, mother, dad,
    father, grandma, grandmother, grandpa, grandfather, couple, patient
    """
)

# "You are 45 years old: time to be screened" is teaching, not a story.
TEACHING = re.compile(
    r"\b(?:or older|and older|and up|should|recommend\w*|screen\w*|vaccin\w*|guidelines?|risk|average|ages?|turning"
    r"|eligible|prevent\w*|years? of|learn|study|research|anniversary|tradition|hospital|building|program|milestone)\b",
    re.IGNORECASE,
)
# Somebody named because of their work, not because of their care.
AT_WORK = re.compile(
    r"\b(?:congrat\w*|welcom\w*|joins?|joined|award\w*|winner|speaks?|explains?|thanks?|thank you|kudos|shout-?out|RN"
    r"|MD|DO|PhD|director|chief|officer|coach|professor|volunteer|teaches|presents|presented|author|fellow|hired|retir\w+"
    r"|interview\w*|our (?:nurse|doctor|surgeon|ceo|team|chaplain)|led by|accepts|research\w*|stud(?:y|ies)|clinical"
    r"|published|leads"
    r"|opens?|opened|opening|donat\w*|gave|visits?|visited|asked (?:whether|if|us)|gifts?)\b",
    re.IGNORECASE,
)
TITLE_OF_STAFF = re.compile(
    r"\b(?:Dr|Nurse|Doctor|Chaplain|Chief|Director|Professor|President|CEO|Officer|Coach)\.?\s*$"
)

# "Patient Safety Week" and "Patient Portal" are not people.
NO_NAMES = frozenset(
    """
    Access Advisory Advocate Advocates Advocacy Appreciation Assistance Bill Billing Care Centered Center Centre
    Communication Day Education Engagement Experience Family Families Financial First Focused Handbook Health
    Hub Information Intake Liaison Line Month Navigator Navigators Outcomes Portal Privacy Protection Quality
    Reported Recognition Relations Rights Room Rooms Safety Satisfaction Scheduling Services Story Stories
    Success Support Survey Testimonial Transport Transportation Voices Week Zero The This That Our We Please
    Your And Or But Is
    """.split()  # noqa: SIM905
)
# Parts of the names of places, days and things, which stand in capitals, too.
NOT_PEOPLE = NO_NAMES | frozenset(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December Hospital Clinic Clinics Medical University Emergency Department
    Intensive Unit Ward North South East West Northfield Lakeside Riverbend Street Avenue Road Lane Drive Way
    Elementary School College Church County City State Community Foundation Cancer Heart Stroke Women Children
    Memorial Saint Labor Delivery Urgent Primary Behavioral Physical Therapy Occupational Respiratory Nursing
    Nurses Nurse Doctor Surgery Pharmacy Imaging Oncology World National American United States Red Cross New
    York Los Angeles San Francisco Ohio Grand Rounds Code Blue Silver White Happy Merry Good Great Thank My His
    Her He She They It In On At To For From With Are Was Were Has Have Had Do Does Did Can Could Will Would
    Should Might Must If When While After Before Because So Then Now Today Tonight Yesterday Tomorrow Why What
    Who How Which Where Look Send Tell Guess Just Still Also Only Facebook Instagram YouTube Twitter Bluesky
    Human Resources Technology Social Media Post Policy Version Medicare Medicaid Advantage Joint Commission
    Magnet Mental Second Third Big Little Baby Mr Mrs Ms Check Proud Every Nobody Everybody Somebody Any Some
    All No Not There
    """.split()  # noqa: SIM905
)
