import { Controller } from "@hotwired/stimulus";

const WHOLE = 1000;

/*
 * On a picture in which a place is pointed at: keeps the point in the form's
 * fields, in thousandths of the picture, and shows it, without leaving the page.
 * Without this the press sends the form, and the picture keeps the size it has
 * in the form's fields; with it the picture fits any window.
 */
export default class extends Controller {
  static targets = ["box", "picture", "mark", "x", "y"];

  initialize() {
    this.onRestored = () => this.draw();
  }

  connect() {
    this.form = this.element.closest("form");
    this.form.addEventListener("answer:restored", this.onRestored);
    if (!this.hasBoxTarget) return;
    this.boxTarget.classList.add("fits");
    this.boxTarget.removeAttribute("tabindex");
    this.draw();
  }

  disconnect() {
    this.form.removeEventListener("answer:restored", this.onRestored);
  }

  press(event) {
    // The enter key in another field presses a form's first button, and means the form.
    if (event.detail === 0) return;
    event.preventDefault();
    const box = this.pictureTarget.getBoundingClientRect();
    const share = (part, whole) => Math.min(Math.max(Math.round((WHOLE * part) / whole), 0), WHOLE);
    this.point(share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height));
    for (const radio of this.element.querySelectorAll("[type=radio]")) radio.checked = false;
    this.pictureTarget.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* A name from the list stands instead of a point. */
  choose(event) {
    if (event.target.type === "radio" && this.hasXTarget) this.point("", "");
  }

  point(x, y) {
    this.xTarget.value = x;
    this.yTarget.value = y;
    this.draw();
  }

  draw() {
    if (!this.hasXTarget) return;
    const [x, y] = [this.xTarget.value, this.yTarget.value];
    for (const mark of this.markTargets) mark.setAttribute("d", x === "" ? "" : `M${x} ${y}h0`);
  }
}
