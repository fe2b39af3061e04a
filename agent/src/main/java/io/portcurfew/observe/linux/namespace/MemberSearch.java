package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the network namespaces of processes and threads, and for each namespace one member. */
final class MemberSearch {

  private final ProcFs proc;
  private final NamespaceLinks links;
  private final KnownNamespaces known;

  /** The inodes of those whose member was still there in this look. */
  private final Set<Long> withMember = new HashSet<>();

  MemberSearch(ProcFs proc, NamespaceLinks links, KnownNamespaces known) {
    this.proc = proc;
    this.links = links;
    this.known = known;
  }

  /** Starts a look, in which each member may have left. */
  void beginLook() {
    withMember.clear();
  }

  /** Forgets that the member of a namespace was there in this look. */
  void doubt(NetworkNamespace namespace) {
    withMember.remove(namespace.inode());
  }

  /** Checks a process or thread; returns the inode of its namespace, {@code null} if unknown. */
  @Nullable Long check(int id) {
    Long inode = links.of(id);
    NetworkNamespace namespace = inode == null ? null : known.get(inode);
    if (inode == null || (namespace != null && hasMember(namespace, id))) {
      return inode;
    }
    ProcessFolder process = proc.process(id);
    // Checked again through its folder, because the id may be reused by now.
    if (process != null
        && (!inode.equals(process.networkNamespace()) || !known.join(inode, process))) {
      process.close();
    }
    return inode;
  }

  /**
   * Returns true if a known process is in the namespace, which is checked once in each look.
   *
   * @param id a process or thread in it
   */
  private boolean hasMember(NetworkNamespace namespace, int id) {
    ProcessFolder member = namespace.member();
    return (member != null && member.pid() == id)
        || withMember.contains(namespace.inode())
        || (!namespace.wantsMember() && withMember.add(namespace.inode()));
  }
}
