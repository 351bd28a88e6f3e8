import { Controller } from "@hotwired/stimulus";

/*
 * On a form with all questions of a quiz: shows one at a time, and at the end
 * the last look before handing in. The server is not asked for the next one, so
 * that a poor line carries nothing but answers. Without this controller all
 * questions stand under each other, and every button saves all of them.
 *
 * The address tells the question (#q3), so that the browser's Back button, the
 * list of questions and a link to one work as they are; this window remembers
 * the last one, for the page in another language.
 *
 * A question that could not be saved, and whose state says "failed", lets its
 * buttons send the whole form.
 */
export default class extends Controller {
  static targets = ["question", "lookOver", "scripted", "whole", "partial", "overview", "line"];
  static values = { memory: String, answered: String, open: String };

  initialize() {
    this.onHash = () => this.show(this.wanted() ?? this.steps[0], true);
    this.onChange = () => this.mark();
    this.onKey = (event) => this.enter(event);
  }

  connect() {
    for (const button of this.scriptedTargets) button.hidden = false;
    this.element.classList.add("stepping");
    this.overviewTarget.replaceChildren(...this.questionTargets.map((question, index) => this.line(question, index)));
    this.steps = [...this.questionTargets, this.lookOverTarget];
    window.addEventListener("hashchange", this.onHash);
    this.element.addEventListener("change", this.onChange);
    this.element.addEventListener("input", this.onChange);
    this.element.addEventListener("answer:restored", this.onChange);
    this.element.addEventListener("keydown", this.onKey);
    this.show(this.wanted() ?? this.refused() ?? this.remembered() ?? this.firstOpen() ?? this.steps[0], false);
    this.mark();
  }

  disconnect() {
    window.removeEventListener("hashchange", this.onHash);
    this.element.removeEventListener("change", this.onChange);
    this.element.removeEventListener("input", this.onChange);
    this.element.removeEventListener("answer:restored", this.onChange);
    this.element.removeEventListener("keydown", this.onKey);
  }

  step(event) {
    this.go(event, `#q${event.currentTarget.value}`);
  }

  finish(event) {
    this.go(event, `#${this.lookOverTarget.id}`);
  }

  go(event, hash) {
    const here = this.steps.find((step) => !step.hidden);
    if (here.querySelector('.saved[data-state="failed"]')) return;
    event.preventDefault();
    window.location.hash = hash;
  }

  /* In a line of text the enter key means "and on", not the form's first button. */
  enter(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.type !== "text") return;
    event.preventDefault();
    event.target.closest("section").querySelector(".action-bar .button").click();
  }

  wanted() {
    return this.steps.find((step) => `#${step.id}` === window.location.hash);
  }

  refused() {
    return this.questionTargets.find((question) => "refused" in question.dataset);
  }

  remembered() {
    try {
      const id = window.sessionStorage.getItem(this.memoryName);
      return this.steps.find((step) => step.id === id);
    } catch {
      return undefined;
    }
  }

  /* As the server sent it: who began to answer before this controller came stays there. */
  firstOpen() {
    return this.questionTargets.find((question) => !("answered" in question.dataset));
  }

  show(step, isMoved) {
    for (const each of this.steps) each.hidden = each !== step;
    try {
      window.sessionStorage.setItem(this.memoryName, step.id);
    } catch {
      // A browser may refuse its memory; then the page begins at the first open question.
    }
    this.mark();
    if (!isMoved) return;
    step.focus({ preventScroll: true });
    // With the time that is left, which stands above.
    (this.element.closest(".reader") ?? step).scrollIntoView({ block: "start" });
  }

  isAnswered(question) {
    return [...question.querySelectorAll("input, select, textarea")].some((field) => {
      if (!field.name || field.name.endsWith("-sequence") || field.disabled) return false;
      if (field.type === "radio" || field.type === "checkbox") return field.checked;
      if (field.type === "hidden") return /-[xy]$/.test(field.name) && field.value !== "";
      return field.type !== "image" && field.type !== "file" && field.value !== "";
    });
  }

  /* The list of questions, and the last look, as the fields are now. */
  mark() {
    const answered = this.questionTargets.map((question) => this.isAnswered(question));
    this.questionTargets.forEach((question, index) => {
      const [yes, no] = this.overviewTarget.children[index].querySelectorAll(".tag");
      yes.hidden = !answered[index];
      no.hidden = answered[index];
      const link = document.querySelector(`.marks a[href$="#${question.id}"]`);
      const item = link.closest("li");
      item.className = question.hidden ? (answered[index] ? "done" : "todo") : "current";
      if (question.hidden) item.removeAttribute("aria-current");
      else item.setAttribute("aria-current", "step");
      link.querySelector(".unseen").textContent = ` ${answered[index] ? this.answeredValue : this.openValue}`;
    });
    const isWhole = answered.every(Boolean);
    this.wholeTarget.hidden = !isWhole;
    this.partialTarget.hidden = isWhole;
  }

  /* What the last look says of a question. */
  line(question, index) {
    const line = this.lineTarget.content.cloneNode(true);
    const link = line.querySelector("a");
    link.href = `#${question.id}`;
    link.textContent = link.textContent.replace("{number}", index + 1);
    return line;
  }

  get memoryName() {
    return `paper ${this.memoryValue}`;
  }
}
