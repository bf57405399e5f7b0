"""The accounts of Riverbend Health: forty of its own and five of peers, all made up."""

import random
from dataclasses import dataclass
from datetime import timedelta

from coe_portal.channels.models import Channel, ChannelRequest, Network, Publisher
from coe_portal.people.demo import DOMAIN, DemoOrganisation
from coe_portal.people.models import User

B, F, FEED, IG, L, M, T, X, Y = (
    Network.BLUESKY,
    Network.FACEBOOK,
    Network.FEED,
    Network.INSTAGRAM,
    Network.LINKEDIN,
    Network.MASTODON,
    Network.TIKTOK,
    Network.X,
    Network.YOUTUBE,
)
SITE = "riverbendhealth.example"


@dataclass(frozen=True)
class Account:
    name: str
    handle: str
    department: str
    networks: tuple[Network, ...]
    purpose: str


# Forty accounts: one a network of each line.
OWN = (
    Account("Riverbend Health", "riverbendhealth", "Social Media", (B, F, IG, L, M, X, Y, T, FEED),
            "News, health advice and a human face for the whole system. Answers within four working hours."),
    Account("Riverbend Medical Center", "riverbendmedical", "Riverbend Medical Center", (F, IG, X),
            "What is new at the Medical Center, visiting rules and thanks to the teams."),
    Account("Lakeside Hospital", "lakesidehospital", "Lakeside Hospital", (F, IG, B),
            "The hospital by the lake: classes, support groups and stories from the wards."),
    Account("St. Anne Children's", "stannechildrens", "St. Anne Children's Hospital", (F, IG, Y, T),
            "For parents: what to expect, how to prepare a child, and when not to worry."),
    Account("Northfield Community Hospital", "northfieldhospital", "Northfield Community Hospital", (F, X),
            "Neighbourly: clinic hours, flu shots, blood drives."),
    Account("Riverbend Birth Center", "riverbendbirth", "Labor and Delivery", (F, IG),
            "Birth classes, tours and the questions expecting families really ask."),
    Account("Riverbend Heart", "riverbendheart", "Cardiology", (B, Y),
            "Heart health explained by the people who treat it."),
    Account("Riverbend Cancer Care", "riverbendcancer", "Oncology", (F, B),
            "Screening reminders, support groups and trials that are open."),
    Account("Riverbend Research", "riverbendresearch", "Clinical Trials", (B, M, L),
            "New papers, open trials and calls for volunteers."),
    Account("Riverbend Careers", "riverbendcareers", "Human Resources", (L, IG, F),
            "Open positions, and what working here is like."),
    Account("Riverbend Foundation", "riverbendfoundation", "Riverbend Foundation", (F, L),
            "What gifts made possible, and the next charity run."),
    Account("Riverbend Nurses", "riverbendnurses", "Nursing Education", (IG, B),
            "Nurses for nurses: residency, certification, night-shift humour that is kind."),
    Account("Riverbend Urgent Care", "riverbendurgent", "Urgent Care", (F, X),
            "Waiting times, opening hours, and where to go with what."),
    Account("Riverbend Behavioral Health", "riverbendmind", "Behavioral Health", (IG,),
            "Small steps, no diagnoses in the comments, always the crisis line."),
)  # fmt: skip

PEERS = (
    ("Cedar Valley Clinic", "cedarvalley.example", B),
    ("Harborlight Health", "harborlight.example", B),
    ("Prairie Regional Medical Center", "@prairie@social.prairie.example", M),
    ("Summit Children's Hospital", "summitchildrens", Y),
    ("Bayview Health System", "bayviewhealth", IG),
)

REQUESTED = (
    ("Riverbend Sleep Lab", "riverbendsleep", IG, "Telehealth",
     "People who cannot sleep look for help at night. The hospital's own account has no room for a nightly series."),
    ("Riverbend Volunteers", "riverbendvolunteers", F, "Northfield Volunteers",
     "Our volunteers are 70 on average and all here. We want to swap shifts; the hospital's page is for patients."),
)  # fmt: skip
DECLINED = (
    "Cath Lab Two", "riverbendcathlab2", X, "Cardiology",
    "The second laboratory would like to show its own work.",
    "The Heart account reaches the same readers and has room for two posts a week from you. We start next month.",
)  # fmt: skip


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("channels")  # noqa: S311 - made-up accounts
    own = [_own(organisation, chance, each, network) for each in OWN for network in each.networks]
    peers = [
        Channel(
            network=network, handle=handle, name=name, relation=Channel.Relation.PEER, state=Channel.State.ACTIVE,
            url=_url(network, handle), purpose="A peer whose public figures we compare ours with.",
        )
        for name, handle, network in PEERS
    ]  # fmt: skip
    _set_states(own)
    Channel.objects.bulk_create([*own, *peers])
    _publishers(organisation, chance, own)
    _requests(organisation, chance)


def _own(organisation: DemoOrganisation, chance: random.Random, account: Account, network: Network) -> Channel:
    people = chance.sample(organisation.people[7:], 2)
    handle = _handle(network, account.handle)
    return Channel(
        network=network,
        handle=handle,
        name=account.name,
        url=_url(network, handle),
        department=organisation.departments[account.department],
        purpose=account.purpose,
        state=Channel.State.ACTIVE,
        first_contact=people[0],
        second_contact=people[1] if chance.random() < 0.75 else None,
        two_factor=chance.choices(Channel.TwoFactor.values, weights=[7, 2, 1])[0],
        recovery_contact=f"social-recovery@{DOMAIN}" if chance.random() < 0.7 else "",
        validated_on=organisation.days_ago(chance.choice([12, 40, 75, 110, 150, 170, 230, 300])),
    )


def _handle(network: Network, name: str) -> str:
    return {
        Network.BLUESKY: f"{name.removeprefix('riverbend')}.{DOMAIN}" if name != "riverbendhealth" else DOMAIN,
        Network.MASTODON: f"@{name}@social.{DOMAIN}",
        Network.FEED: f"news.{SITE}",
    }.get(network, f"@{name}")


def _url(network: Network, handle: str) -> str:
    """Addresses under .example: nothing in the demo leads to a stranger's account."""
    return f"https://{network}.{SITE}/{handle.lstrip('@')}"


def _set_states(own: list[Channel]) -> None:
    """Two rest, and one is kept only so that nobody takes its name."""
    own[-2].state = own[-5].state = Channel.State.DORMANT
    own[-4].state = Channel.State.ARCHIVED


def _publishers(organisation: DemoOrganisation, chance: random.Random, own: list[Channel]) -> None:
    strategists: list[User] = [organisation.sign_ins["strategist"], organisation.sign_ins["approver"]]
    rows = []
    for channel in own:
        people = {channel.first_contact, channel.second_contact, chance.choice(strategists)} - {None}
        starts = organisation.days_ago(chance.randint(120, 700))
        rows += [Publisher(channel=channel, person=person, starts=starts) for person in sorted(people, key=_id)]
    Publisher.objects.bulk_create(rows)


def _id(person: User | None) -> int:
    return person.pk if person else 0


def _requests(organisation: DemoOrganisation, chance: random.Random) -> None:
    for name, handle, network, department, why in REQUESTED:
        person = chance.choice(organisation.people)
        channel = _asked_for(organisation, person, name, handle, network, department)
        ChannelRequest.objects.create(channel=channel, requested_by=person, why_not_existing=why)
    name, handle, network, department, why, reason = DECLINED
    person = chance.choice(organisation.people)
    channel = _asked_for(organisation, person, name, handle, network, department)
    Channel.objects.filter(pk=channel.pk).update(state=Channel.State.ARCHIVED)
    request = ChannelRequest.objects.create(
        channel=channel,
        requested_by=person,
        why_not_existing=why,
        decision=ChannelRequest.Decision.DECLINED,
        decided_by=organisation.sign_ins["strategist"],
        decided_at=channel.created_at - timedelta(days=20),
        decision_reason=reason,
    )
    ChannelRequest.objects.filter(pk=request.pk).update(requested_at=channel.created_at - timedelta(days=26))


def _asked_for(
    organisation: DemoOrganisation, person: User, name: str, handle: str, network: Network, department: str
) -> Channel:
    channel: Channel = Channel.objects.create(
        network=network,
        handle=_handle(network, handle),
        name=name,
        department=organisation.departments[department],
        first_contact=person,
        purpose="See the request.",
    )
    return channel
