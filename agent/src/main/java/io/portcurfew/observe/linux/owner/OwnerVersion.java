package io.portcurfew.observe.linux.owner;

/** Counts the changes of owners. */
final class OwnerVersion {
  private long value;

  void bump() {
    value++;
  }

  long value() {
    return value;
  }
}
