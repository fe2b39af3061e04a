package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The processes that hold one socket. */
public final class SocketHolders {

  private final KernelSocket socket;
  private final SocketOwners.Version version;
  private final List<HeldProcess> processes = new ArrayList<>(1);
  private @Nullable List<Owner> owners;
  private boolean searched;
  private boolean gone;
  private int seenInLook;

  SocketHolders(KernelSocket socket, SocketOwners.Version version) {
    this.socket = socket;
    this.version = version;
  }

  KernelSocket socket() {
    return socket;
  }

  List<HeldProcess> processes() {
    return processes;
  }

  /** The owners; the same list until they change. */
  public List<Owner> owners() {
    List<Owner> known = owners;
    if (known == null) {
      known =
          processes.stream()
              .map(process -> process.owner().createdBy(socket.uid()))
              .sorted()
              .toList();
      owners = known;
    }
    return known;
  }

  /** Forgets the list of owners. */
  void changed() {
    owners = null;
    version.bump();
  }

  void add(HeldProcess process) {
    processes.add(process);
    changed();
  }

  void remove(HeldProcess process) {
    processes.remove(process);
    searched = false;
    changed();
  }

  /** Whether every process has been asked and none holds it. */
  boolean isOrphan() {
    return searched && processes.isEmpty();
  }

  /** Whether nobody is known to hold it and not every process has been asked. */
  public boolean isSought() {
    return !gone && !searched && processes.isEmpty();
  }

  /** The socket listens no more. */
  void setGone() {
    gone = true;
  }

  void setSearched() {
    searched = true;
    version.bump();
  }

  int seenInLook() {
    return seenInLook;
  }

  void setSeenInLook(int look) {
    seenInLook = look;
  }
}
