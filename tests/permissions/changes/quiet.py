"""Addresses whose POST leaves no entry, each with its reason, and those whose entries another test looks at."""

COMING_AND_GOING = "Coming and going is in the log of accesses, which forgets addresses after thirty days."
SHOWN_BEFORE = "Nothing is kept but what the person has typed so far, for themselves."
OWN_READING = "What a person has read or follows is theirs; nobody else is touched by it."
SIGN_IN_STEP = "A step on the way in; whether it leads in is in the log of accesses, a changed factor in the trail."

QUIET: dict[str, str] = {
    "account_login": COMING_AND_GOING,
    "account_logout": COMING_AND_GOING,
    "account_confirm_login_code": COMING_AND_GOING,
    "account_reauthenticate": COMING_AND_GOING,
    "account_signup": "Nobody signs up by themselves: whatever is sent is refused.",
    "account_reset_password": "Asks for a mail with a link; the entry is made when a password is set with it.",
    "mfa_authenticate": SIGN_IN_STEP,
    "mfa_login_webauthn": SIGN_IN_STEP,
    "mfa_reauthenticate": SIGN_IN_STEP,
    "mfa_reauthenticate_webauthn": SIGN_IN_STEP,
    "mfa_download_recovery_codes": "Codes that exist are shown to their owner; none is made or used up.",
    "mfa_edit_webauthn": "The name that somebody gives their own passkey; it opens nothing more or less.",
    "identity:saml_acs": "Carries the answer to the page that has a session; that page records what it says.",
    "identity:session": "Says that somebody is still there.",
    "identity:end_own_session": COMING_AND_GOING,
    "identity:end_other_own_sessions": COMING_AND_GOING,
    "home:account": "A person's own language and time zone, seen by nobody else.",
    "notifications:mark_read": OWN_READING,
    "announcements:mark_read": OWN_READING,
    "announcements:mark_all_read": OWN_READING,
    "announcements:preview": SHOWN_BEFORE,
    "announcements:preview_new": SHOWN_BEFORE,
    "announcements:forget": SHOWN_BEFORE,
    "announcements:forget_new": SHOWN_BEFORE,
    "policies:preview": SHOWN_BEFORE,
    "policies:forget": SHOWN_BEFORE,
    "policies:check": "A draft post is looked at and not kept: nobody may learn what somebody did not publish.",
    "feedback:draft": SHOWN_BEFORE,
    "feedback:draft_about": SHOWN_BEFORE,
    "feedback:drop_draft": SHOWN_BEFORE,
    "feedback:drop_draft_about": SHOWN_BEFORE,
    "feedback:follow": OWN_READING,
    "feedback:helpful": "A thumb up, taken back as easily; counted, and not worth six years.",
    "feedback:helped": "A suggestion helped: counted without a name.",
    "feedback:opened": "A suggestion was opened: counted without a name.",
    "training:lesson_done": OWN_READING,
    "training:question": "One answer of an attempt under way, kept with it; handing in makes the entry.",
    "metrics:import_check": "A dry run, undone again; the import that follows makes the entry.",
    "design:appearance": "Light or dark, in a cookie of this browser.",
    "design:language": "The language of this browser, in a cookie.",
}

IDENTITY = "tests/coe_portal/identity"
FACTORS = f"{IDENTITY}/test_keys_on_record.py"

PROVEN: dict[str, str] = {
    "account_change_password": f"{FACTORS}::test_a_changed_password_is_on_record",
    "account_set_password": f"{FACTORS}::test_a_first_password_is_on_record",
    "account_reset_password_from_key": f"{FACTORS}::test_a_reset_password_is_on_record",
    "account_email": f"{FACTORS}::test_another_address_is_on_record",
    "mfa_activate_totp": f"{FACTORS}::test_an_app_is_on_record",
    "mfa_deactivate_totp": f"{FACTORS}::test_an_app_is_on_record",
    "mfa_generate_recovery_codes": f"{FACTORS}::test_recovery_codes_are_on_record",
    "mfa_add_webauthn": f"{FACTORS}::test_a_passkey_is_on_record",
    "mfa_remove_webauthn": f"{FACTORS}::test_a_passkey_is_on_record",
    "identity:read_again": f"{IDENTITY}/test_watching.py::test_it_is_read_again_from_the_page",
    "identity:test_provider": f"{IDENTITY}/test_openid_connect.py::test_a_test_shows_what_came_and_signs_nobody_in",
    "identity:provider_login": f"{IDENTITY}/test_openid_connect.py::test_a_lie_signs_nobody_in",
    "privacy:fetch_my_data": (
        "tests/coe_portal/privacy/test_exporting.py::test_it_can_be_fetched_once_and_only_by_its_person"
    ),
    "training:submit": "tests/training/test_quizzes.py::test_handing_in_twice_gives_one_completion",
}
