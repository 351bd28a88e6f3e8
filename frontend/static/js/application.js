/*
 * Starts Stimulus and fetches only the controllers that this page names in
 * data-controller: a lesson on a poor line does not pay for the quiz. Every
 * page works without any of them.
 */
import { Application } from "@hotwired/stimulus";

const application = Application.start();

const names = new Set(
  Array.from(document.querySelectorAll("[data-controller]"), (element) => element.dataset.controller.split(/\s+/)).flat(),
);

for (const name of names) {
  // The import map of base.html knows where `plumbline/…` lies, under its hashed name.
  import(`plumbline/${name}`).then((module) => application.register(name, module.default));
}
