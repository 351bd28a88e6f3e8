import { Controller } from "@hotwired/stimulus";

/*
 * On lines that are to be put in order: buttons that move a line up and down.
 * The places themselves stand in the lines' own selects, which work alone.
 * Moving one line gives all of them the places in which they stand.
 */
export default class extends Controller {
  static targets = ["list", "element", "place", "button", "status"];
  static values = { moved: String };

  initialize() {
    this.onRestored = () => this.sort();
  }

  connect() {
    for (const button of this.buttonTargets) button.hidden = false;
    this.form = this.element.closest("form");
    this.form.addEventListener("answer:restored", this.onRestored);
    this.sort();
  }

  disconnect() {
    this.form.removeEventListener("answer:restored", this.onRestored);
  }

  up(event) {
    this.move(event, -1);
  }

  down(event) {
    this.move(event, 1);
  }

  move(event, step) {
    const element = event.currentTarget.closest("li");
    const elements = this.elementTargets;
    const other = elements[elements.indexOf(element) + step];
    // The other one moves, so that the pressed button keeps the focus.
    if (other) this.listTarget.insertBefore(other, step < 0 ? element.nextSibling : element);
    this.placeTargets.forEach((select, index) => {
      select.value = index + 1;
    });
    const place = this.elementTargets.indexOf(element) + 1;
    const text = element.querySelector("label").textContent;
    this.statusTarget.textContent = this.movedValue.replace("{text}", text).replace("{place}", place);
    this.listTarget.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* As the places say; lines without one keep their order after the others. */
  sort() {
    const place = (element) => Number(element.querySelector("select").value) || Infinity;
    const sorted = this.elementTargets.sort((one, other) => place(one) - place(other) || 0);
    if (sorted.some((element, index) => element !== this.elementTargets[index])) this.listTarget.append(...sorted);
  }
}
