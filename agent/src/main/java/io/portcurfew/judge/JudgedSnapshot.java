package io.portcurfew.judge;

import io.portcurfew.observe.Snapshot;

/** A snapshot and its judgement by the policy. */
public record JudgedSnapshot(Snapshot snapshot, Judgement judgement) {

  /** True if every listener was seen and every rule could be tested. */
  public boolean isComplete() {
    return snapshot.complete() && judgement.complete();
  }
}
