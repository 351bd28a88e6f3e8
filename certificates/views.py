"""The faces of certificates: the public page, the holder's own, and the list of those who answer for them."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from certificates import codes, documents, guessing, permissions, presenting, services
from certificates.forms import CodeForm, RevocationForm, SearchForm
from certificates.models import Certificate
from core import languages
from oversight import four_eyes
from people.guards import only_for
from quizzes import permissions as results

PER_PAGE = 25


def _public(view):
    """For everyone, in no search engine and in no cache: a revocation shows at the next look."""

    @never_cache
    @require_safe
    def shown(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


@_public
def enter_code(request):
    """A field for the code, for those who have the paper and no camera."""
    if "code" not in request.GET:
        return render(request, "certificates/enter_code.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if not form.is_valid():
        return render(request, "certificates/enter_code.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("verify", codes.grouped(form.cleaned_data["code"]))


@_public
def verify(request, code):
    """What a certificate is worth today, to whoever holds its code."""
    read = codes.read(code)
    found = Certificate.objects.with_standing().filter(code=read).first() if read else None
    if found is None:
        return _unknown(request, code)
    shown = presenting.certificate(found, get_language(), timezone.now())
    return render(request, "certificates/verify.html", {"certificate": shown})


def _unknown(request, code):
    if guessing.is_too_often(request):
        response = render(request, "certificates/too_often.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(guessing.WINDOW_SECONDS)
        return response
    context = {"form": CodeForm(), "code": code[:60]}
    return render(request, "certificates/unknown.html", context, status=HTTPStatus.NOT_FOUND)


@never_cache
@login_required
@require_GET
def my_certificates(request):
    """A learner's own certificates: those that hold today, then the others."""
    language, now = get_language(), timezone.now()
    shown = [
        presenting.certificate(certificate, language, now)
        for certificate in Certificate.objects.of(request.user).with_standing()
    ]
    return render(
        request,
        "certificates/my_certificates.html",
        {
            "valid": [each for each in shown if each.is_valid],
            "others": [each for each in shown if not each.is_valid],
        },
    )


@never_cache
@login_required
@require_GET
def my_certificate(request, uuid):
    """One of the learner's own, with the day on which it expires, which only they see."""
    certificate = get_object_or_404(Certificate.objects.with_standing(), uuid=uuid, user=request.user)
    replacement = getattr(certificate, "superseded_by", None)
    return render(
        request,
        "certificates/my_certificate.html",
        {
            "certificate": presenting.certificate(certificate, get_language(), timezone.now()),
            "replacement_url": reverse("my_certificate", args=[replacement.uuid]) if replacement else None,
            "public_address": documents.public_address(certificate),
            "pdfs": _pdfs(certificate),
        },
    )


def _pdfs(certificate) -> list[dict]:
    """The document's addresses, one for each language, the reader's own first."""
    own = get_language()
    addresses = []
    for code in sorted(languages.codes(), key=lambda code: code != own):
        with translation.override(code):
            address = reverse("certificate_pdf", args=[certificate.uuid])
        addresses.append({"code": code, "name": languages.own_name(code), "url": address})
    return addresses


def _readable(request, uuid) -> Certificate:
    """A certificate that the reader may read; 404 otherwise, so that an address tells nothing."""
    certificate = get_object_or_404(Certificate.objects.select_related("administration", "words"), uuid=uuid)
    if not permissions.may_read(request.user, certificate):
        raise Http404
    return certificate


@never_cache
@login_required
@require_GET
def certificate_pdf(request, uuid):
    """The PDF in the language of the address; while it is being made, a page that waits for it (202)."""
    certificate, language = _readable(request, uuid), get_language()
    document = documents.standing(certificate, language)
    content = documents.content_of(document) if document else None
    if content is not None:
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{certificate.serial}-{language}.pdf"'
        response["Content-Language"] = language
        patch_cache_control(response, private=True)
        return response
    context = {"certificate": presenting.certificate(certificate, language, timezone.now())}
    if not documents.can_be_written(certificate, language):
        return render(request, "certificates/unwritable.html", context, status=HTTPStatus.CONFLICT)
    services.ring(certificate.pk, language)
    return render(request, "certificates/waiting.html", context, status=HTTPStatus.ACCEPTED)


@never_cache
@login_required
@require_GET
def certificate_pdf_state(request, uuid):
    """Whether the PDF is there: what the waiting page asks."""
    document = documents.standing(_readable(request, uuid), get_language())
    return JsonResponse({"ready": document is not None and documents.content_of(document) is not None})


@require_GET
@only_for(permissions.may_list)
def certificate_list(request):
    """Every certificate of the administration, newest first, found by serial number or name."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = Certificate.objects.visible_to(request.user).with_standing().found_by(text).order_by("-year", "-number")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language, now = get_language(), timezone.now()
    return render(
        request,
        "certificates/certificate_list.html",
        {
            "search": form,
            "text": text,
            "may_decide_results": results.may_decide_results(request.user),
            "page": page,
            "certificates": [presenting.certificate(certificate, language, now) for certificate in page],
        },
    )


def _listed(request, uuid) -> Certificate:
    return get_object_or_404(Certificate.objects.visible_to(request.user).with_standing(), uuid=uuid)


@require_GET
@only_for(permissions.may_list)
def certificate_detail(request, uuid):
    """One certificate for those who answer for it or audit. It names no day of expiry: that would tell of a post."""
    certificate = _listed(request, uuid)
    shown = presenting.certificate(certificate, get_language(), timezone.now())
    return render(
        request,
        "certificates/certificate_detail.html",
        {
            "certificate": shown,
            "revocation": getattr(certificate, "revocation", None),
            "public_address": documents.public_address(certificate),
            "may_ask_for_revocation": not shown.is_revoked
            and permissions.may_ask_for_revocation(request.user, certificate),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_list)
def ask_for_revocation(request, uuid):
    """Ask a second person to take a certificate back."""
    certificate = _listed(request, uuid)
    if not permissions.may_ask_for_revocation(request.user, certificate):
        raise PermissionDenied
    form, status = RevocationForm(), HTTPStatus.OK
    if request.method == "POST":
        form, status = RevocationForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                asked = services.ask_for_revocation(
                    certificate, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
                )
            except four_eyes.ConflictError as problem:
                form.add_error(None, problem.messages)
                status = HTTPStatus.CONFLICT
            except ValidationError as problem:
                form.add_error("reason", problem.messages)
            else:
                messages.success(request, _("You have asked for the revocation. A colleague decides on it."))
                return redirect("oversight:request", uuid=asked.uuid)
    context = {"form": form, "certificate": presenting.certificate(certificate, get_language(), timezone.now())}
    return render(request, "certificates/ask_for_revocation.html", context, status=status)
