"""`manage.py verify_records`: does the record log hold, and do the rows it bears witness to?"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from oversight import evidence, export, records
from oversight.models import RecordEntry, Verification
from oversight.verification import Findings, reports_of, verdict

SHOWN_FINDINGS = 50


class Command(BaseCommand):
    help = (
        "Verify the record log: every entry, every detail, every row it bears witness to. Exit code 0 if all of it"
        " holds, 1 if not, 2 if a file or key cannot be used."
    )
    # An auditor's machine has the file and no installation around it.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FILE",
            help="also write the log to FILE, and its signed head to FILE.head; the export is recorded in the log",
        )
        parser.add_argument(
            "--file", type=Path, metavar="FILE", help="verify an export instead of the database; needs --public-key"
        )
        parser.add_argument(
            "--against",
            type=Path,
            metavar="HEADFILE",
            help="a head (or a whole export) signed earlier: the log must still contain it",
        )
        parser.add_argument(
            "--public-key",
            type=Path,
            metavar="FILE",
            help="the key that must have signed --file and --against; without it, this installation's own",
        )
        parser.add_argument(
            "--show-values",
            action="store_true",
            help="show what was recorded and what stands there, which is personal",
        )

    def handle(self, **options):
        if options["file"] and options["export"]:
            raise CommandError("Use --file or --export, not both.", returncode=2)
        if options["file"] and not options["public_key"]:
            raise CommandError(
                "--file needs --public-key: the key you were given, not one beside the file.", returncode=2
            )
        try:
            report, findings = self._verify_file(options) if options["file"] else self._verify_database(options)
        except export.ExportError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            report["counts"] = dict(findings.by_problem)
            report["findings"] = reports_of(findings.kept)
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(report, findings)
        if findings:
            raise SystemExit(1)

    def _verify_file(self, options):
        key = export.read_public_key(options["public_key"])
        expected = export.read_head(options["against"], key) if options["against"] else None
        chain, _ = export.verify_file(options["file"], key, expected)
        return _report(chain, 0), chain.findings

    def _verify_database(self, options):
        expected = None
        if options["against"]:
            key = export.read_public_key(options["public_key"]) if options["public_key"] else _own_key().public_key()
            expected = export.read_head(options["against"], key)
        findings = Findings()
        chain = evidence.verify_chain(findings, expected)
        evidence.verify_guards(findings)
        rows = evidence.verify_rows(findings, options["show_values"])
        Verification.objects.create(
            verified_at=timezone.now(),
            entries=chain.entries,
            head_sequence=chain.head_sequence,
            head_hash=chain.head_hash,
            witnessed_rows=rows,
            findings=len(findings),
            # Which row and which field; with --show-values the sentence has the values too, which stay on the screen.
            first_finding=_without_values(findings.kept[0]) if findings else "",
        )
        report = _report(chain, rows)
        if options["export"]:
            report["export"] = str(options["export"])
            report["head"] = self._export(options["export"])
        return report, findings

    def _export(self, path):
        """Write the log and its head. Recorded first: what leaves the house is on record even if writing fails."""
        key, now = _own_key(), timezone.now()
        with transaction.atomic():
            newest = RecordEntry.objects.head()
            if newest is not None:
                newest = records.append(
                    "oversight.log.exported",
                    subject=newest,
                    facts={"sequence": newest.sequence, "entry_hash": newest.entry_hash},
                    actor=None,
                    now=now,
                )
        up_to = newest.sequence if newest else 0
        head_path = path.with_name(path.name + ".head")
        try:
            with _private(path) as stream:
                head = export.write_export(stream, evidence.log(up_to), key, now)
            with _private(head_path) as stream:
                export.write_head(stream, head)
        except OSError as error:
            raise export.ExportError(f"{path} cannot be written: {error.strerror}.") from error
        return {"sequence": head.sequence, "entry_hash": head.entry_hash, "file": str(head_path)}

    def _tell(self, report, findings):
        self.stdout.write(report["verdict"])
        if report["rows"]:
            self.stdout.write(f"Compared with the log: {report['rows']} rows.")
        for finding in findings.kept[:SHOWN_FINDINGS]:
            self.stdout.write(f"- {finding.sentence}")
        if len(findings) > SHOWN_FINDINGS:
            self.stdout.write(f"And {len(findings) - SHOWN_FINDINGS} more; --json lists the first thousand.")
        if "export" in report:
            self.stdout.write(
                f"Exported to {report['export']}, up to entry {report['head']['sequence']}."
                f" Keep {report['head']['file']} where this installation cannot reach it."
            )


def _report(chain, rows):
    return {
        "holds": not chain.findings,
        "verdict": verdict(chain.entries, chain.findings),
        "entries": chain.entries,
        "entries_that_do_not_hold": chain.broken,
        "head_sequence": chain.head_sequence,
        "head_hash": chain.head_hash,
        "rows": rows,
    }


def _own_key():
    """The key of this installation: of RECORD_LOG_KEY, which must be there, or our own, made on first use."""
    configured = getattr(settings, "RECORD_LOG_KEY", "")
    if configured:
        return export.read_key(Path(configured))
    path = Path(settings.DATA_DIR) / "record-log-key.pem"
    return export.read_key(path) if path.exists() else export.make_key(path)


def _private(path):
    """A file for its owner's eyes alone, for facts are about people."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="\n")


def _without_values(finding):
    if finding.problem == "row_changed":
        return f"The row {finding.row} is not what entry {finding.sequence} says of it: {', '.join(finding.fields)}."
    return finding.sentence
