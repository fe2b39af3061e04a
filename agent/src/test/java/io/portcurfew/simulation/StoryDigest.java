package io.portcurfew.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** A digest of all that a seed did and that receivers got, to compare two runs of the seed. */
final class StoryDigest {

  private final MessageDigest digest;

  StoryDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds an action, the steps so far and what each receiver has got by now. */
  void add(String action, long steps, Collection<SimulatedReceiver> receivers) {
    add(action + " " + steps);
    for (SimulatedReceiver receiver : receivers) {
      add(receiver.name() + " " + receiver.heartbeats() + " " + receiver.lostAnswers());
      receiver.accepted().forEach(one -> add(one.at() + " " + one.notification().id()));
      receiver.refused().forEach(one -> add(one.at() + " " + one.notification().id()));
    }
  }

  private void add(String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of everything until now, in hexadecimal. */
  String text() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
