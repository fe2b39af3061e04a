package io.portcurfew.observe;

/** Facts about an owner that are expensive to read and are therefore read only on request. */
public enum OwnerFact {
  /** {@link OwnerDetails#sha256}. */
  SHA256,
  /** {@link OwnerDetails#packageName}. */
  PACKAGE
}
