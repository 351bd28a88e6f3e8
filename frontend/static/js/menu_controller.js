import { Controller } from "@hotwired/stimulus";

/* A <details> that opens by itself; this closes it again on Escape, on a click elsewhere, and when the focus leaves. */
export default class extends Controller {
  initialize() {
    this.onKey = (event) => {
      if (event.key === "Escape" && this.element.open) {
        this.element.open = false;
        this.element.querySelector("summary").focus();
      }
    };
    this.onPointer = (event) => {
      if (!this.element.contains(event.target)) this.element.open = false;
    };
    this.onLeave = (event) => {
      // Without a related target the whole window has lost the focus: leave the menu as it is.
      if (event.relatedTarget && !this.element.contains(event.relatedTarget)) this.element.open = false;
    };
  }

  connect() {
    this.element.addEventListener("keydown", this.onKey);
    this.element.addEventListener("focusout", this.onLeave);
    document.addEventListener("pointerdown", this.onPointer);
  }

  disconnect() {
    this.element.removeEventListener("keydown", this.onKey);
    this.element.removeEventListener("focusout", this.onLeave);
    document.removeEventListener("pointerdown", this.onPointer);
  }
}
