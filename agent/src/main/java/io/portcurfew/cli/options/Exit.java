package io.portcurfew.cli.options;

import io.portcurfew.baseline.DriftReport;
import io.portcurfew.doctor.Diagnosis;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import java.util.List;

/** The exit statuses of the commands. */
public final class Exit {

  /** The command succeeded. */
  public static final int OK = 0;

  /** The host is compliant, and every listener was seen. */
  public static final int COMPLIANT = OK;

  /** There are findings or differences, or a test failed. */
  public static final int FINDINGS = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** No findings, but the scan was incomplete; for doctor: a check failed. */
  public static final int INCOMPLETE = 3;

  /** An internal error (EX_SOFTWARE, sysexits.h). */
  public static final int BUG = 70;

  /** The command cannot run now, but may later (EX_TEMPFAIL, sysexits.h). */
  public static final int NOT_NOW = 75;

  /** The config or the policy is wrong (EX_CONFIG, sysexits.h). */
  public static final int CONFIG = 78;

  /** The end of the help of most commands. */
  public static final String COMMON =
      "78 if the config or the policy is wrong; 70 for an internal error.";

  /** The help of commands that read the agent's database. */
  public static final String NO_DATA =
      "75 if the agent has never run here or this user may not read its data; ";

  /** The error of a group of commands without a subcommand. */
  public static final String NO_COMMAND = "A command is required. See the list below.";

  private Exit() {}

  /** The exit status of doctor. */
  public static int of(Diagnosis diagnosis) {
    return diagnosis.allWell() ? OK : INCOMPLETE;
  }

  /** The exit status of a comparison with the baseline. */
  public static int of(DriftReport differences) {
    if (!differences.isEmpty()) {
      return FINDINGS;
    }
    return differences.complete() ? OK : INCOMPLETE;
  }

  /** The exit status of a verdict. */
  public static int of(Judgement judgement) {
    if (judgement.hasBreach()) {
      return FINDINGS;
    }
    return judgement.compliant() ? COMPLIANT : INCOMPLETE;
  }

  /** The worst exit status of several verdicts: findings, then an incomplete scan. */
  public static int worst(List<JudgedSnapshot> hosts) {
    List<Integer> statuses = hosts.stream().map(host -> of(host.judgement())).toList();
    if (statuses.contains(FINDINGS)) {
      return FINDINGS;
    }
    return statuses.contains(INCOMPLETE) ? INCOMPLETE : COMPLIANT;
  }
}
