import Answer from "plumbline/answer";

// Nobody waits for the end of a sentence; a save for each letter would fill a poor line.
const PAUSE = 1500;

/*
 * On a box in which a learner writes for themselves: saves the words as they are
 * written, in the manner of the answer controller, whose invariants hold here too.
 * Words that the server does not have yet stay in this window's memory alone,
 * which closes with it: computers at border posts are shared.
 */
export default class extends Answer {
  initialize() {
    super.initialize();
    this.onInput = () => {
      this.keep();
      this.dirty = true;
      this.show("writing", "");
      clearTimeout(this.pause);
      this.pause = setTimeout(this.onChange, PAUSE);
    };
  }

  connect() {
    super.connect();
    this.element.addEventListener("input", this.onInput);
  }

  disconnect() {
    clearTimeout(this.pause);
    this.element.removeEventListener("input", this.onInput);
    super.disconnect();
  }

  save() {
    clearTimeout(this.pause);
    return super.save();
  }

  /* Writes again what was kept; true where the server has nothing newer, from another window. */
  putBack() {
    const kept = this.remember((memory, place) => JSON.parse(memory.getItem(place)));
    if (!kept || kept.stored < this.stored) {
      this.forget();
      return false;
    }
    for (const [name, value] of kept.chosen) {
      const field = this.element.elements[name];
      if (field?.type === "textarea") field.value = value;
    }
    return true;
  }

  /* Several boxes of a lesson send to the same address. */
  get memoryName() {
    return `words ${this.element.getAttribute("action")} ${this.element.id}`;
  }
}
