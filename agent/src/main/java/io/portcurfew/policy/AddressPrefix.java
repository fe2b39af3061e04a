package io.portcurfew.policy;

import io.portcurfew.observe.Address;
import java.util.Arrays;

/** The first bits of an address. */
final class AddressPrefix {

  private final byte[] network;
  private final int bits;

  private AddressPrefix(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /** The prefix of an address that is not cut. */
  static AddressPrefix of(Address network, int bits) {
    return new AddressPrefix(network.bytes().orElseThrow(), bits);
  }

  /** True if these bytes are of the same family and begin with the same bits. */
  boolean isOf(byte[] address) {
    int whole = bits / 8;
    int mask = (0xFF00 >> (bits % 8)) & 0xFF;
    return address.length == network.length
        && Arrays.equals(address, 0, whole, network, 0, whole)
        && (mask == 0 || (address[whole] & mask) == (network[whole] & mask));
  }
}
