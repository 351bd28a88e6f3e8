"""What a browser would send of a form on a page."""

from bs4 import BeautifulSoup


def form_of(html, method="post"):
    """The fields of the page's own form as they stand, for `client.post`."""
    soup = BeautifulSoup(html, "html.parser")
    form = next(
        each for each in soup.select("main form, form") if each.get("method") == method and each.select("[name]")
    )
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        kind = field.get("type", "text")
        if kind in ("file", "submit", "button") or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        sent.setdefault(field["name"], []).extend(_values(field))
    return sent


def _values(field):
    if field.name == "textarea":
        return [field.text.removeprefix("\n")]
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")[:1]
        return [option.get("value", option.text) for option in chosen]
    return [field.get("value", "on" if field.get("type") in ("checkbox", "radio") else "")]
