import { Controller } from "@hotwired/stimulus";

/*
 * On the form of a mark: within a criterion a digit chooses its level and leads
 * to the next criterion, and Ctrl (or Command) with Enter presses the button.
 * Digits count only while a level has the keyboard, so that nobody who dictates
 * or types words presses one by accident. Without this script the arrow keys
 * choose and the button saves.
 */
export default class extends Controller {
  static targets = ["criterion"];

  initialize() {
    this.onKey = (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send(event);
      else if (event.target.type === "radio" && !(event.ctrlKey || event.metaKey || event.altKey)) this.choose(event);
    };
  }

  connect() {
    this.element.addEventListener("keydown", this.onKey);
  }

  disconnect() {
    this.element.removeEventListener("keydown", this.onKey);
  }

  send(event) {
    event.preventDefault();
    this.element.requestSubmit(this.element.querySelector("button[type=submit]"));
  }

  choose(event) {
    const place = this.criterionTargets.findIndex((criterion) => criterion.contains(event.target));
    const level = this.levels(place)[DIGITS.indexOf(event.code)];
    if (!level) return;
    event.preventDefault();
    level.click();
    const next = this.levels(place + 1);
    const onward = next.find((each) => each.checked) ?? next[0] ?? this.element.querySelector("textarea");
    onward.focus();
  }

  levels(place) {
    return [...(this.criterionTargets[place]?.querySelectorAll("input[type=radio]") ?? [])];
  }
}

// By the key's place, so that it is the same on a keyboard with Arabic or shifted French digits.
const DIGITS = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9"];
