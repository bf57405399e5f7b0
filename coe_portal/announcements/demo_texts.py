"""What the center tells the people of Riverbend Health."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A comment: whose, an hour after publishing, and what."""

    by: str
    hours: int
    markdown: str


@dataclass(frozen=True)
class Text:
    """`days_ago` below zero is ahead: scheduled. `spanish` is title and text, `before` what the first edition said."""

    title: str
    days_ago: int
    markdown: str
    audience: str = "everyone"
    pinned: bool = False
    must_read: bool = False
    is_over: bool = False
    spanish: tuple[str, str] | None = None
    before: str = ""
    comments: tuple[Said, ...] = ()


TEXTS = (
    Text(
        "Ask first: photos in clinical areas",
        4,
        """
A photo of your team can hold more than your team: a whiteboard, a wristband, a face in a doorway. In the last
month we took down three posts for that reason, all of them kindly meant.

## What changes

- **Ask the charge nurse** before you take a photo in a clinical area, every time.
- Look at the edges of the picture, not only at its middle.
- No patient in a photo without a signed authorization, not even from behind.

If you are unsure, send us the picture before you post it. We answer within one working day.
""",
        pinned=True,
        must_read=True,
        spanish=(
            "Pregunte primero: fotos en áreas clínicas",
            """
Una foto de su equipo puede mostrar más que a su equipo: una pizarra, una pulsera, una cara en la puerta. En el último
mes retiramos tres publicaciones por esa razón, todas hechas con buena intención.

## Qué cambia

- **Pregunte a la enfermera encargada** antes de tomar una foto en un área clínica, siempre.
- Mire los bordes de la imagen, no solo el centro.
- Ningún paciente en una foto sin una autorización firmada, ni siquiera de espaldas.

Si tiene dudas, envíenos la imagen antes de publicarla. Respondemos en un día laborable.
""",
        ),
        before="""
A photo of your team can hold more than your team: a whiteboard, a wristband, a face in a doorway.

**Ask the charge nurse** before you take a photo in a clinical area.
""",
        comments=(
            Said("employee", 3, "Does this hold for photos in the **cafeteria**, too? Patients eat there."),
            Said("strategist", 4, "It does: wherever patients are. The staff lounge is fine."),
            Said("coordinator", 22, "I have put it on the agenda of our huddle on Thursday. Thank you for the edges!"),
        ),
    ),
    Text(
        "This portal is your first stop",
        62,
        """
Rules, courses, answers and the people behind them now live in one place. You no longer need to know whom to ask.

- **Search** finds policies, lessons and answered questions together.
- **Check my post** reads a draft against our policies. Nothing you paste is kept.
- **My obligations** lists what is open for you, with a date and one button.

Tell us what is missing. Every suggestion gets an answer.
""",
        pinned=True,
        spanish=(
            "Este portal es su primera parada",
            """
Las reglas, los cursos, las respuestas y las personas detrás de ellas están ahora en un solo lugar. Ya no necesita saber
a quién preguntar.

- **Buscar** encuentra juntas las políticas, las lecciones y las preguntas respondidas.
- **Revisar mi publicación** compara un borrador con nuestras políticas. No se guarda nada de lo que pegue.
- **Mis obligaciones** muestra lo que tiene pendiente, con una fecha y un botón.

Díganos qué falta. Cada sugerencia recibe una respuesta.
""",
        ),
    ),
    Text(
        "Nurses Week: send us your stories",
        2,
        """
We are collecting stories for Nurses Week. We look for small ones: a handover that went well, a colleague who
noticed something, the first night shift you will never forget.

Hand yours in under **Stories**. Three sentences are enough; we call you for the rest. If a patient appears in it,
even without a name, we will talk about their authorization first.
""",
        comments=(
            Said(
                "coordinator", 5, "Our night team has one about a birthday at 3 am. May two people hand it in together?"
            ),
            Said("strategist", 7, "Please do, and write both names. We will call you."),
        ),
        audience="clinicians",
    ),
    Text(
        "Review times: one working day for posts about a condition",
        6,
        """
From now on, posts that name a disease, a treatment or a result are reviewed within **one working day**. Before, it
could take three.

Please mark such drafts as "about a condition" when you hand them in, so that they reach the clinician on duty at once.
""",
        audience="coordinators",
    ),
    Text(
        "New course: Posting for a hospital",
        9,
        """
The course has five modules of about twelve minutes. You can stop at any point; your answers are kept.

It replaces the slides of two years ago. **If you publish on one of our accounts, please finish it by the end of the
quarter.** Your licence to post depends on it.
""",
    ),
    Text(
        "What to do when a patient writes to you privately",
        12,
        """
It happens on every account: somebody describes symptoms in a private message and asks what to do.

1. Do not answer the medical question, and do not ask for details.
2. Send the text block "Please call us" with the number of the right clinic.
3. If somebody may be in danger, call the emergency line and then the privacy office.

The text block is in the policy on patient information, ready to copy.
""",
    ),
    Text(
        "Scheduled maintenance of our channel figures",
        15,
        """
On Sunday between 6 and 9 in the morning no figures are collected. The gap will be filled afterwards. Dashboards show
which days are missing, so you need not guess.
""",
        is_over=True,
        audience="communications",
    ),
    Text(
        "Heat warning campaign: please share from Thursday",
        19,
        """
With the county we remind people over 65 to drink, rest and check on neighbors. From Thursday you find the finished
posts in the story pipeline, in English and in Spanish.

Share them from your department's account as they are. **Please do not change the numbers in them**: they are agreed
with the county's emergency physician.
""",
        audience="coordinators",
    ),
    Text(
        "You asked: may I say where I work?",
        23,
        """
Yes. You may say on your own profile that you work for Riverbend Health, and what your profession is.

When you write about health or about us, say that you work here. "Views are my own" is fine as well, but it does
**not** replace that sentence. The answer with examples is among the questions in Feedback.
""",
    ),
    Text(
        "Three accounts are looking for an owner",
        28,
        """
Occupational Health, Dental Clinic and Northfield Volunteers have accounts whose owners have moved on. If nobody takes
them over, we will archive them at the end of next month.

Owning an account takes about an hour a week. We train you, and we cover your holidays.
""",
        audience="coordinators",
    ),
    Text(
        "Flu season: the pictures you may use",
        33,
        """
The vaccination pictures of this season are cleared: everybody in them works here and has agreed in writing. They may
be used until the end of March on every account of ours.

Please do not use pictures from earlier seasons. Two of the people in them have left, and their consent has ended.
""",
    ),
    Text(
        "Thank you: 412 of you took part in the listening survey",
        39,
        """
What we heard most often:

- "I never know whom to ask." This portal is our answer.
- "Reviews take too long." One working day for posts about a condition, from this month.
- "I would like to see what came of my story." Soon every story shows how it did.

The full results, without names and without groups smaller than ten, are under Feedback.
""",
    ),
    Text(
        "Comments on our posts: who answers what",
        45,
        """
Questions about opening hours, parking and visits: the department's account answers, within four hours.

Complaints about care: **Patient Experience** answers. Send them the link, do not argue, do not delete.

Medical questions: the text block "Please call us", nothing else.
""",
        audience="communications",
    ),
    Text(
        "Residents: your accounts and ours",
        52,
        """
Several of you publish about medicine, and well. Two requests, so that it stays that way:

- Cases are never anonymous to the family. Wait, change more than the name, or leave it out.
- Write from your own account, and say who employs you.

A short course for physicians who publish takes twenty minutes and counts towards your teaching hours.
""",
        audience="clinicians",
    ),
    Text(
        "Captions and picture descriptions are now required",
        58,
        """
Every video we publish has captions, every picture has a description. It is the law for organisations like ours, and
more than that: one person in seven in our county lives with a disability.

The networks' automatic captions are a beginning. Please read them once: last month "stent" became "stunt".
""",
    ),
    Text(
        "Our rule for paid partnerships",
        70,
        """
If a company gives you anything for a post, a conference ticket or a device to try, the post must say so **in its first
line**. A hashtag at the end is not enough.

Partnerships in the name of Riverbend Health are signed by Legal. Please ask before you agree to anything.
""",
    ),
    Text(
        "Privacy office hours moved to Tuesdays",
        81,
        """
Samuel Osei and his team are now there for your questions on **Tuesdays, 1 to 3 pm**, in person in the library and by
video. No appointment, no question too small.
""",
    ),
    Text(
        "A look back at Childhood Cancer Month",
        96,
        """
Eleven families told their stories, all of them with an authorization that names every channel. The posts were read
190,000 times, and 64 people signed up to volunteer on the ward.

To Child Life and to Pediatric Oncology: thank you for the hours of careful conversation behind every one of them.
""",
        is_over=True,
    ),
    Text(
        "Storm closures: the center publishes first",
        118,
        """
When clinics close because of weather, the center publishes on the main accounts first. Department accounts then share
that post.

Please do not write your own version. In January there were four different opening times for one clinic within an hour.
""",
        audience="coordinators",
    ),
    Text(
        "Coming up: the yearly review of all accounts",
        -6,
        """
Every owner confirms once a year that an account is still needed, who may publish on it and how it can be recovered.
It takes about ten minutes an account.

You will find the form among your obligations. Accounts that nobody confirms within six weeks are archived.
""",
        audience="coordinators",
    ),
)
