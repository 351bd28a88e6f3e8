// Shows what needs a passkey where the browser can use one, and says so when it was not accepted.
// The ceremony itself is the sign-in library's; it reports a failure as an event on the document.

const usable = window.isSecureContext && "PublicKeyCredential" in window;

if (usable) {
  for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-passkey-failure]")) notice.hidden = false;
});
