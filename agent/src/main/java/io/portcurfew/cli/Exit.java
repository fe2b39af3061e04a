package io.portcurfew.cli;

import io.portcurfew.baseline.DriftReport;
import io.portcurfew.doctor.Diagnosis;
import io.portcurfew.judge.Judgement;

/** What the exit status of a command means. */
public final class Exit {

  /** All as the policy expects, and nothing hidden from us. */
  public static final int COMPLIANT = 0;

  /** There are findings, or differences; of test: a test failed. */
  public static final int FINDINGS = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** No findings, but the look was incomplete; of doctor: not all is seen, or not all works. */
  public static final int INCOMPLETE = 3;

  /** Our own bug (EX_SOFTWARE, sysexits.h). */
  public static final int BUG = 70;

  /** It cannot start now, but may later (EX_TEMPFAIL, sysexits.h). */
  public static final int NOT_NOW = 75;

  /** The config or the policy is wrong (EX_CONFIG, sysexits.h). */
  public static final int CONFIG = 78;

  private Exit() {}

  static int of(Diagnosis diagnosis) {
    return diagnosis.allWell() ? COMPLIANT : INCOMPLETE;
  }

  static int of(DriftReport differences) {
    if (!differences.all().isEmpty()) {
      return FINDINGS;
    }
    return differences.complete() ? COMPLIANT : INCOMPLETE;
  }

  static int of(Judgement judgement) {
    if (judgement.hasBreach()) {
      return FINDINGS;
    }
    return judgement.compliant() ? COMPLIANT : INCOMPLETE;
  }
}
