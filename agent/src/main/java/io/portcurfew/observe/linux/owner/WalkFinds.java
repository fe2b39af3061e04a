package io.portcurfew.observe.linux.owner;

import java.util.List;

/**
 * The programs and sockets that the walks through descriptors passed, and that no list of the
 * kernel may show.
 *
 * @param programs the BPF programs that can redirect packets and whose link a process holds
 * @param sockets the sockets that were asked themselves
 */
public record WalkFinds(
    List<RedirectingPrograms.HeldProgram> programs, List<AskedSockets.AskedSocket> sockets) {

  /** Nothing was passed. */
  public static final WalkFinds NOTHING = new WalkFinds(List.of(), List.of());

  public WalkFinds {
    programs = List.copyOf(programs);
    sockets = List.copyOf(sockets);
  }
}
