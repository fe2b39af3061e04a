package io.portcurfew.observe.linux.kernel;

/**
 * A BPF program, or an action of a tc filter, at a place where it can take packets away from
 * sockets.
 *
 * @param interfaceIndex its interface; 0 for none
 * @param namespace the inode of its network namespace; 0 if the kernel does not show it
 * @param program the number of the BPF program, which no other one of the host has; 0 for none
 */
public record HookedProgram(PacketHook hook, int interfaceIndex, long namespace, long program) {

  /**
   * Returns the number under which the holders of a BPF program are searched for; 0 for none. Its
   * descriptors have no number of a socket, so a negative one is derived.
   */
  public static long holderNumber(long program) {
    return program == 0 ? 0 : Long.MIN_VALUE + program;
  }

  /** Returns the same as a socket that processes can hold. */
  public FamilySocket socket() {
    return new FamilySocket(
        hook.family(),
        hook.number(),
        null,
        0,
        0,
        interfaceIndex,
        holderNumber(program),
        null,
        0,
        null,
        null);
  }
}
