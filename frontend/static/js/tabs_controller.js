import { Controller } from "@hotwired/stimulus";

// Another window that turns a page says goodbye and comes again.
const TURNING = 3000;

/*
 * Above the questions of an attempt: tells a window when the attempt is open in
 * another one, and when a newer answer was given there. From then on nothing of
 * that question is sent from here, so that nothing is overwritten unseen, until
 * the page is loaded again.
 *
 * Windows of one browser tell each other at once; of another browser the server
 * tells, when it refuses (`changed_elsewhere`). Knows of the page only that
 * answer controllers stand on it (`answer:save`, `answer:saved`,
 * `answer:refused`), each naming its question.
 */
export default class extends Controller {
  static targets = ["also", "overtaken"];
  static values = { attempt: String };

  initialize() {
    this.others = new Set();
    this.questions = new Set();
    this.name = `${Date.now()} ${Math.random()}`;
    this.onSaved = ({ detail }) => this.say("saved", detail);
    this.onSave = (event) => this.hold(event);
    this.onRefused = (event) => this.refused(event);
    this.onSubmit = (event) => this.holdForm(event);
    this.onHide = () => this.say("bye");
    this.onShow = (event) => {
      if (event.persisted) this.say("hello");
    };
  }

  connect() {
    document.addEventListener("answer:saved", this.onSaved);
    document.addEventListener("answer:save", this.onSave);
    document.addEventListener("answer:refused", this.onRefused);
    document.addEventListener("submit", this.onSubmit, true);
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("pageshow", this.onShow);
    // A browser without it is told by the server, like another browser.
    if (!("BroadcastChannel" in window)) return;
    this.channel = new BroadcastChannel(`attempt ${this.attemptValue}`);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.say("hello");
  }

  disconnect() {
    document.removeEventListener("answer:saved", this.onSaved);
    document.removeEventListener("answer:save", this.onSave);
    document.removeEventListener("answer:refused", this.onRefused);
    document.removeEventListener("submit", this.onSubmit, true);
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("pageshow", this.onShow);
    this.say("bye");
    this.channel?.close();
    clearTimeout(this.gone);
  }

  say(what, { question, sequence } = {}) {
    this.channel?.postMessage({ what, from: this.name, question, sequence });
  }

  hear({ what, from, question, sequence }) {
    if (what === "bye") {
      this.others.delete(from);
      clearTimeout(this.gone);
      this.gone = setTimeout(() => this.showOthers(), TURNING);
      return;
    }
    this.others.add(from);
    this.showOthers();
    if (what === "hello") this.say("here");
    if (what === "saved" && sequence > this.known(question)) this.overtake(question);
  }

  showOthers() {
    this.alsoTarget.hidden = !this.others.size || !this.overtakenTarget.hidden;
  }

  /* The number of the answer that this page shows; a question that is not on it cannot be overtaken here. */
  known(question) {
    const field = document.querySelector(`[data-answer-memory-value="${question}"] [data-answer-target="known"]`);
    return field ? Number(field.value) : Infinity;
  }

  overtake(question) {
    this.questions.add(question);
    this.overtakenTarget.hidden = false;
    this.showOthers();
  }

  hold(event) {
    if (!this.questions.has(event.detail.question)) return;
    event.preventDefault();
    event.detail.why = this.overtakenTarget.dataset.why;
    this.overtakenTarget.scrollIntoView({ block: "nearest" });
  }

  refused(event) {
    if (event.detail.reason !== "changed_elsewhere") return;
    this.overtake(event.detail.question);
    event.detail.why = this.overtakenTarget.dataset.why;
    this.overtakenTarget.scrollIntoView({ block: "nearest" });
  }

  /* A whole form would carry the older answer along. */
  holdForm(event) {
    const here = [...event.target.querySelectorAll("[data-answer-memory-value]"), event.target];
    if (!here.some((element) => this.questions.has(element.dataset.answerMemoryValue))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.overtakenTarget.focus();
    this.overtakenTarget.scrollIntoView({ block: "nearest" });
  }
}
