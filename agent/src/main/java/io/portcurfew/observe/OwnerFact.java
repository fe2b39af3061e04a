package io.portcurfew.observe;

/** What costs so much to find out about an owner that it is told only where it is asked for. */
public enum OwnerFact {
  /** {@link OwnerDetails#sha256}. */
  SHA256,
  /** {@link OwnerDetails#packageName}. */
  PACKAGE
}
