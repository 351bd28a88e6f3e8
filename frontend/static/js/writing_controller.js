import Answer from "plumbline/answer";

/*
 * On a box in which a learner writes for themselves: saves the words as they are
 * written, in the manner of the answer controller, whose invariants hold here too.
 * Words that the server does not have yet stay in this window's memory alone,
 * which closes with it: computers at border posts are shared.
 */
export default class extends Answer {
  /* The box has a form of its own. */
  get addressValue() {
    return this.element.getAttribute("action");
  }

  isOwn(name) {
    return name !== "";
  }

  /* Several boxes of a lesson send to the same address. */
  get memoryName() {
    return `words ${this.addressValue} ${this.element.id}`;
  }
}
