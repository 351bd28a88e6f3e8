import { Controller } from "@hotwired/stimulus";

/*
 * On a lesson: the arrow keys turn to the step before and after, and a change of
 * language or a bookmark keeps the heading that is being read.
 *
 * The keys follow the direction of writing, and leave alone whoever writes in a
 * field, pushes a wide table along, or holds a modifier key.
 */
export default class extends Controller {
  static targets = ["heading", "text"];

  initialize() {
    this.onKey = (event) => this.turn(event);
    this.onClick = (event) => this.take(event);
    this.onSubmit = () => {
      if (this.hasHeadingTarget) this.headingTarget.value = this.heading();
    };
  }

  connect() {
    document.addEventListener("keydown", this.onKey);
    // Before the colleagues that look where a link leads.
    document.addEventListener("click", this.onClick, true);
    this.element.addEventListener("submit", this.onSubmit);
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick, true);
    this.element.removeEventListener("submit", this.onSubmit);
  }

  turn(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    if (event.target.closest("input, textarea, select, video, audio, [contenteditable], [tabindex]:not(main), details.menu")) {
      return;
    }
    const forward = (event.key === "ArrowRight") !== (document.dir === "rtl");
    document.querySelector(`a[rel="${forward ? "next" : "prev"}"]`)?.click();
  }

  /* A browser keeps the fragment of a link over the server's redirect. */
  take(event) {
    const link = event.target.closest?.("a[hreflang]");
    if (link) link.hash = this.heading();
  }

  /* The name of the heading that stands above the middle of the window; nothing at the top of the lesson. */
  heading() {
    const middle = window.innerHeight / 2;
    const passed = Array.from(this.element.querySelectorAll("h2[id^='h-'], h3[id^='h-']")).filter(
      (each) => each.getBoundingClientRect().top < middle,
    );
    return passed.at(-1)?.id ?? "";
  }
}
