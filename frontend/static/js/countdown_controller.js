import { Controller } from "@hotwired/stimulus";

const MINUTE = 60 * 1000;

/*
 * Time left until the server's deadline, by the server's clock: `now` is the
 * server's time when it wrote the page. Shown every second, said aloud only at
 * five minutes, at one, and at the end. The server closes the attempt, not this.
 */
export default class extends Controller {
  static targets = ["left", "announcement"];
  static values = { deadline: String, now: String, five: String, one: String, over: String };

  connect() {
    this.serverAhead = Date.parse(this.nowValue) - Date.now();
    // What has already passed is not announced as news.
    this.announcements = [
      { at: 5 * MINUTE, text: this.fiveValue },
      { at: MINUTE, text: this.oneValue },
    ].filter(({ at }) => at < this.left());
    this.announcements.push({ at: 0, text: this.overValue });
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  left() {
    return Math.max(Date.parse(this.deadlineValue) - (Date.now() + this.serverAhead), 0);
  }

  tick() {
    const left = this.left();
    this.leftTarget.textContent = this.written(left);

    // After a sleep several may have passed: the last one is true.
    let passed;
    while (this.announcements.length && left <= this.announcements[0].at) passed = this.announcements.shift();
    if (passed) this.announcementTarget.textContent = passed.text;
    if (left === 0) clearInterval(this.timer);
  }

  written(milliseconds) {
    const seconds = Math.ceil(milliseconds / 1000);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const parts = hours ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
    return parts.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
  }
}
