package io.portcurfew.observe.linux;

import java.util.Arrays;
import java.util.Random;

/** Makes bad input out of good: bits flipped, bytes replaced, cut, doubled, or all noise. */
public final class Malformed {

  private static final byte[] SPITEFUL = {0, -1, 1, 127, -128, '\n', ' ', ')', '(', ':', '\\'};

  private Malformed() {}

  public static byte[] of(byte[] good, Random random) {
    byte[] bad = good.clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes && bad.length > 0; i++) {
      int at = random.nextInt(bad.length);
      switch (random.nextInt(6)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt(256);
        case 2 -> bad[at] = SPITEFUL[random.nextInt(SPITEFUL.length)];
        case 3 -> bad = Arrays.copyOf(bad, at);
        case 4 -> System.arraycopy(bad, 0, bad, at, Math.min(at, bad.length - at));
        default -> fill(bad, at, random);
      }
    }
    return bad;
  }

  private static void fill(byte[] bytes, int from, Random random) {
    int to = Math.min(bytes.length, from + 1 + random.nextInt(8));
    byte value = SPITEFUL[random.nextInt(SPITEFUL.length)];
    Arrays.fill(bytes, from, to, value);
  }
}
