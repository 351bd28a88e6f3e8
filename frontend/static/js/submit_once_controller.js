import { Controller } from "@hotwired/stimulus";

/*
 * On a <form>: a second press sends nothing. The buttons are not `disabled`,
 * because a disabled button would not send its name and value.
 */
export default class extends Controller {
  initialize() {
    this.onSubmit = (event) => {
      if (this.sent) {
        event.preventDefault();
        return;
      }
      // A colleague on the same form may have stopped this submit: then nothing was sent.
      queueMicrotask(() => {
        if (!event.defaultPrevented) this.mark(true);
      });
    };
    // Coming back by the browser's Back button shows the page as it was left.
    this.onShow = () => this.mark(false);
  }

  connect() {
    this.element.addEventListener("submit", this.onSubmit);
    window.addEventListener("pageshow", this.onShow);
  }

  disconnect() {
    this.element.removeEventListener("submit", this.onSubmit);
    window.removeEventListener("pageshow", this.onShow);
  }

  mark(sent) {
    this.sent = sent;
    for (const button of this.element.querySelectorAll("button[type=submit]")) {
      if (sent) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }
}
