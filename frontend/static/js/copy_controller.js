import { Controller } from "@hotwired/stimulus";

/* Copies the value of its source. The button stays hidden where the browser has no clipboard (a page without TLS). */
export default class extends Controller {
  static targets = ["source", "button", "state"];
  static values = { done: String };

  connect() {
    this.buttonTarget.hidden = !navigator.clipboard;
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.sourceTarget.value);
      this.stateTarget.textContent = this.doneValue;
    } catch {
      // Refused: the value is selected, so that the keyboard can copy it.
      this.sourceTarget.select();
    }
  }
}
