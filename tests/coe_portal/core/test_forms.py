from django import forms
from django.utils import translation


class Form(forms.Form):
    kind = forms.ChoiceField(choices=[("", "---------"), ("a", "A discussion")])


def test_an_empty_choice_says_what_to_do():
    assert '<option value="" selected>Choose …</option>' in str(Form({"kind": ""})["kind"])
    with translation.override("es"):
        assert '<option value="" selected>Elija…</option>' in str(Form({"kind": ""})["kind"])


def test_every_other_choice_says_its_own_words():
    assert '<option value="a" selected>A discussion</option>' in str(Form({"kind": "a"})["kind"])
