import { Controller } from "@hotwired/stimulus";

const YEAR = 365 * 24 * 60 * 60;

/*
 * Light or dark. The choice lies in a cookie, which the server reads, so that
 * the next page comes in the right colours at once. Choosing what the device
 * would choose anyway removes the cookie: from then on the device decides again.
 */
export default class extends Controller {
  initialize() {
    this.device = window.matchMedia("(prefers-color-scheme: dark)");
  }

  connect() {
    this.element.hidden = false;
  }

  toggle() {
    const root = document.documentElement;
    const ofDevice = this.device.matches ? "dark" : "light";
    const now = root.dataset.theme ?? ofDevice;
    const next = now === "dark" ? "light" : "dark";
    const secure = window.location.protocol === "https:" ? "; secure" : "";

    if (next === ofDevice) {
      delete root.dataset.theme;
      document.cookie = `theme=; path=/; max-age=0; samesite=lax${secure}`;
    } else {
      root.dataset.theme = next;
      document.cookie = `theme=${next}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
    }
  }
}
