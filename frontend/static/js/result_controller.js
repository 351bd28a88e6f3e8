import { Controller } from "@hotwired/stimulus";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

/*
 * Asks a URL for {"ready": bool} less and less often, and loads the page again
 * once it is: the server alone renders the result. A failed question counts as
 * "not yet".
 */
export default class extends Controller {
  static values = { url: String };

  connect() {
    this.wait = FIRST_WAIT;
    this.plan();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  plan() {
    this.timer = setTimeout(() => this.ask(), this.wait);
    this.wait = Math.min(this.wait * 1.5, LONGEST_WAIT);
  }

  async ask() {
    if (await this.isReady()) window.location.reload();
    else if (this.element.isConnected) this.plan();
  }

  async isReady() {
    try {
      const response = await fetch(this.urlValue, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
      return response.ok && (await response.json()).ready === true;
    } catch {
      return false;
    }
  }
}
