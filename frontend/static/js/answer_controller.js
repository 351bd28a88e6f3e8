import { Controller } from "@hotwired/stimulus";

const TIMEOUT = 15000;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 30000;
const LONGEST_FLUSH = 3000;
// A quick save is not worth a word; only a slow one says "Saving".
const SLOW = 400;
// Nobody waits for the end of a sentence; a save for each letter would fill a poor line.
const PAUSE = 1000;
// Each page has its own.
const TOKEN = "csrfmiddlewaretoken";
const UNKEPT = /^csrfmiddlewaretoken$|(^|-)(sequence|known)$/;
// As in the server's model of responses.
const WINDOWS = 1024;

let own;
const drawn = () => Math.floor(Math.random() * WINDOWS);

const isWritten = (field) => field.type === "text" || field.type === "textarea";

/*
 * Around one question of a quiz, which is a form of its own or a part of one
 * with more: saves each choice as it is made, and words as they are written: at
 * each pause, and when their field is left. Without JavaScript the form's own
 * button saves the same fields.
 *
 * `name` is what the question's fields begin with, `address` where they go.
 *
 * Invariants
 * - One request at a time, always with the form as it is now: choices made
 *   while one is under way are saved by the next.
 * - Each request carries a higher `sequence` than the one before; the server
 *   refuses a lower one than it holds. So an old answer that was held up on
 *   the line can never overwrite a newer one, in whichever order they arrive.
 * - "Saved" is only shown for the newest choice.
 * - Each window counts in steps from an offset of its own, and says which answer
 *   it knows of (`known`). So the server sees when another window gave a newer
 *   one that this one has not seen, however far either has counted.
 *
 * Says what it does, for the tabs controller: `answer:save` before each request,
 * which a listener may prevent, giving a reason as `why`; `answer:saved`;
 * `answer:refused` with the server's `reason`.
 *
 * Server: POST to the address with X-Requested-With: fetch. 2xx is saved;
 * the JSON may hold `saved_at`, the time as the reader is to see it ("14:32").
 * A 5xx, 429 or a dead line is tried again.
 * Any other answer (attempt closed) is final: `failed` says so, and the form's
 * button still sends everything.
 *
 * A choice stays in this window's memory until the server has it, whatever the
 * language of the page. So the one made after the session ran out, or held up
 * on the line while the language changed, is back, and saved, on the next page;
 * unless a newer one was saved elsewhere meanwhile. One made before this
 * controller came is saved when it comes.
 */
export default class extends Controller {
  static targets = ["state", "sequence", "known"];
  static values = {
    name: String, address: String,
    memory: String, saving: String, saved: String, waiting: String, failed: String, signedOut: String,
  };

  initialize() {
    this.dirty = false;
    this.leaving = false;
    this.failures = 0;
    this.onChange = (event) => {
      if (event?.target.type === "file") {
        this.handIn(event.target);
        return;
      }
      // A field that is left tells of words that were saved at their last pause.
      if (event && isWritten(event.target) && !this.dirty) return;
      this.keep();
      this.dirty = true;
      this.failures = 0;
      this.save();
    };
    this.onInput = (event) => {
      if (!isWritten(event.target)) return;
      this.keep();
      this.dirty = true;
      this.show("writing", "");
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.onChange(), PAUSE);
    };
    this.onSubmit = (event) => {
      if (!event.defaultPrevented) this.handOver();
    };
    this.onClick = (event) => this.holdLink(event);
    this.onOnline = () => this.save();
    this.onHide = () => this.sendLast();
    // Back from the next page by the browser's Back button: at work again.
    this.onShow = () => {
      this.leaving = false;
    };
    this.onUnload = (event) => {
      if (this.dirty && this.failures && !this.leaving) event.preventDefault();
    };
  }

  connect() {
    this.form = this.element.closest("form");
    this.element.addEventListener("change", this.onChange);
    this.element.addEventListener("input", this.onInput);
    this.form.addEventListener("submit", this.onSubmit);
    document.addEventListener("click", this.onClick);
    window.addEventListener("online", this.onOnline);
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("pageshow", this.onShow);
    window.addEventListener("beforeunload", this.onUnload);
    this.stored = Number(this.sequenceTarget.value) - 1;
    const isEarly = this.isChosenEarly();
    const kept = this.kept();
    if (kept && !isEarly) this.choose(kept.chosen);
    if (kept || isEarly) this.onChange();
  }

  disconnect() {
    clearTimeout(this.retry);
    clearTimeout(this.pause);
    this.element.removeEventListener("change", this.onChange);
    this.element.removeEventListener("input", this.onInput);
    this.form.removeEventListener("submit", this.onSubmit);
    document.removeEventListener("click", this.onClick);
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("pageshow", this.onShow);
    window.removeEventListener("beforeunload", this.onUnload);
  }

  /* Resolves when nothing is left to save, or when saving has to wait. */
  save() {
    clearTimeout(this.retry);
    clearTimeout(this.pause);
    this.saving ??= this.saveAll().finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }

  async saveAll() {
    while (this.dirty) {
      this.dirty = false;
      const held = this.dispatch("save", { cancelable: true, detail: { question: this.memoryValue } });
      if (held.defaultPrevented) {
        this.show("failed", held.detail.why);
        return;
      }
      const slow = setTimeout(() => this.show("saving", this.savingValue), SLOW);
      const outcome = await this.post();
      clearTimeout(slow);
      if (this.leaving) return;

      if (outcome.saved) {
        this.failures = 0;
        if (this.hasKnownTarget) this.knownTarget.value = this.stored;
        this.dispatch("saved", { detail: { question: this.memoryValue, sequence: this.stored } });
        if (this.dirty) continue;
        this.forget();
        this.show("saved", this.savedValue.replace("{time}", outcome.savedAt ?? this.clock()));
      } else if (outcome.again) {
        this.dirty = true;
        this.failures += 1;
        this.show("waiting", this.waitingValue);
        const wait = Math.min(FIRST_RETRY * 2 ** (this.failures - 1), LONGEST_RETRY);
        this.retry = setTimeout(() => this.save(), wait);
        return;
      } else if (outcome.signedOut) {
        this.show("failed", this.signedOutValue);
        return;
      } else {
        this.forget();
        const told = this.dispatch("refused", {
          detail: { question: this.memoryValue, reason: outcome.reason, why: this.failedValue },
        });
        this.show("failed", told.detail.why);
        return;
      }
    }
  }

  async post() {
    this.underWay = new AbortController();
    const before = this.stored;
    const timeout = setTimeout(() => this.underWay.abort(), TIMEOUT);
    try {
      const response = await fetch(this.addressValue, this.request({ signal: this.underWay.signal }));
      // A redirect leads to the sign-in page, whose 200 must not pass for "saved".
      if (response.redirected) {
        this.stored = before;
        this.keep();
        return { signedOut: true };
      }
      if (response.ok) return { saved: true, savedAt: await this.savedAt(response) };
      if (response.status >= 500 || response.status === 429) return { again: true };
      return { reason: await this.reason(response) };
    } catch {
      return { again: true };
    } finally {
      clearTimeout(timeout);
    }
  }

  request(options) {
    this.stored = this.next();
    this.sequenceTarget.value = this.stored;
    this.keep();
    return {
      method: "POST",
      body: new URLSearchParams(this.sent()),
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      credentials: "same-origin",
      ...options,
    };
  }

  /* Higher than every number before, and one of this window's own. */
  next() {
    const least = Number(this.sequenceTarget.value) + 1;
    if (!this.hasKnownTarget) return least;
    return least + ((this.offset - least) % WINDOWS + WINDOWS) % WINDOWS;
  }

  /* Kept by the window, because its earlier page may still have a request on the line. */
  get offset() {
    own ??= this.remember((memory) => {
      if (!memory.getItem("window")) memory.setItem("window", drawn());
      return Number(memory.getItem("window"));
    });
    own ??= drawn();
    return own;
  }

  /* The fields of this question alone, and the form's token. Files go with the form itself, once: a save at each pause
     would carry them again and again. */
  sent() {
    return [...new FormData(this.form)].filter(
      ([name, value]) => !(value instanceof File) && (name === TOKEN || this.isOwn(name)),
    );
  }

  isOwn(name) {
    return name === this.nameValue || name.startsWith(`${this.nameValue}-`);
  }

  get fields() {
    return [...this.form.elements].filter((field) => this.isOwn(field.name));
  }

  /* A file that was chosen is handed in at once, by the button beside it. */
  handIn(field) {
    const add = this.form.elements.namedItem(field.name.replace(/upload$/, "add"));
    if (field.files.length) this.form.requestSubmit(add);
  }

  /* What is chosen, beside the highest sequence that the server may have from this window. */
  keep() {
    const chosen = this.sent().filter(([name]) => !UNKEPT.test(name));
    this.remember((memory, place) => memory.setItem(place, JSON.stringify({ chosen, stored: this.stored })));
  }

  forget() {
    this.remember((memory, place) => memory.removeItem(place));
  }

  /* On a slow line a page is read, and answered, before its scripts are there. */
  isChosenEarly() {
    return this.fields.some((field) => {
      if (field.type === "select-one") {
        const asSent = [...field.options].findIndex((option) => option.defaultSelected);
        return field.selectedIndex !== Math.max(asSent, 0);
      }
      return isWritten(field) ? field.value !== field.defaultValue : field.checked !== field.defaultChecked;
    });
  }

  /* What this window kept, unless the server has something newer, from another window. */
  kept() {
    const kept = this.remember((memory, place) => JSON.parse(memory.getItem(place)));
    if (!kept || kept.stored < this.stored) {
      this.forget();
      return undefined;
    }
    // The page before may still have a request on the line; it must not come after the next one.
    this.stored = kept.stored;
    this.sequenceTarget.value = kept.stored + 1;
    return kept;
  }

  /* Also what was let go of: a box that the server still holds ticked. */
  choose(chosen) {
    for (const field of this.fields) {
      if (field.type === "file" || UNKEPT.test(field.name)) continue;
      const values = chosen.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    // For colleagues that show more than the fields do.
    this.dispatch("restored");
  }

  /* A browser may refuse its memory; then an answer lives as long as its page. */
  remember(use) {
    try {
      return use(window.sessionStorage, this.memoryName);
    } catch {
      return undefined;
    }
  }

  get memoryName() {
    return `answer ${this.memoryValue}`;
  }

  async savedAt(response) {
    try {
      return (await response.json()).saved_at;
    } catch {
      return undefined; // 204, or a body without JSON: saved all the same.
    }
  }

  async reason(response) {
    try {
      return (await response.json()).reason;
    } catch {
      return undefined;
    }
  }

  /* The form's own submit carries every field: what is under way or waiting is no longer needed. */
  handOver() {
    clearTimeout(this.retry);
    clearTimeout(this.pause);
    this.leaving = true;
    this.dirty = false;
    this.underWay?.abort();
    this.sequenceTarget.value = this.next();
  }

  /* A link waits for the save that is under way, so that the next page already knows the answer. */
  async holdLink(event) {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const stays = link?.hash && link.pathname === window.location.pathname && link.search === window.location.search;
    if (!link || !plain || link.target || stays || event.defaultPrevented || !(this.dirty || this.saving)) return;
    event.preventDefault();
    await Promise.race([this.save(), new Promise((resolve) => setTimeout(resolve, LONGEST_FLUSH))]);
    window.location.assign(link.href);
  }

  /* The page is going: one last request that the browser finishes without us. */
  sendLast() {
    if (this.leaving || !(this.dirty || this.saving)) return;
    this.leaving = true;
    this.dirty = false;
    fetch(this.addressValue, this.request({ keepalive: true })).catch(() => {});
  }

  /* In the digits and the 24 hours that the server's own times have on every page. */
  clock() {
    return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }

  show(state, text) {
    this.stateTarget.dataset.state = state;
    this.stateTarget.textContent = text;
  }
}
