package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.file.HostFile;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Finds the network namespaces that are bound to a name under /run/netns of the host. */
final class NamedNamespaces {

  static final String FOLDER = "/run/netns";

  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  private final String source;
  private final ProcFs proc;
  private final HostTree tree;
  private @Nullable FoundNames latest;

  NamedNamespaces(String source, ProcFs proc, HostTree tree) {
    this.source = source;
    this.proc = proc;
    this.tree = tree;
  }

  /**
   * The result of a search.
   *
   * @param byInode the first name of each namespace, byte for byte as ISO 8859-1
   * @param gaps the files that may be a namespace and could not be identified
   * @param strays the names of files that are not network namespaces
   */
  record FoundNames(SortedMap<Long, String> byInode, List<Gap> gaps, List<String> strays) {

    /** Returns true if a namespace may be bound although it is not in the result. */
    boolean mayLack() {
      return !gaps.isEmpty();
    }
  }

  /** Returns a name in the form that is shown. */
  static String shown(String raw) {
    return HostText.of(raw.getBytes(StandardCharsets.ISO_8859_1), 64).toString();
  }

  /**
   * Searches the folder. A name is a mount, so the last result is true while no mount changes.
   *
   * @param mountsMayDiffer true if the mounts of the host may have changed since the last call
   * @param known returns true if this inode is known to be a network namespace
   */
  FoundNames look(boolean mountsMayDiffer, LongPredicate known) {
    FoundNames last = latest;
    if (last == null || mountsMayDiffer || last.mayLack()) {
      last = search(known);
      latest = last;
    }
    return last;
  }

  private FoundNames search(LongPredicate known) {
    FoundNames found = new FoundNames(new TreeMap<>(), new ArrayList<>(0), new ArrayList<>(0));
    HostTree.Names names = tree.names(FOLDER);
    if (names.folder().isUnknown()) {
      found.gaps().add(unlisted("cannot be listed: " + names.folder().why()));
    } else if (!names.all()) {
      found.gaps().add(unlisted("are too many to list"));
    }
    if (!names.names().isEmpty()) {
      tree.findIn(FOLDER, names.names())
          .forEach((name, file) -> identify(name, file, known, found));
    }
    return found;
  }

  private Gap unlisted(String why) {
    return new Gap(source, Gap.What.NAMESPACE, "the named network namespaces " + why);
  }

  private void identify(String name, HostFile file, LongPredicate known, FoundNames into) {
    FileId id = file.file();
    if (file.isUnknown()) {
      into.gaps().add(unidentified(name, file.why()));
    } else if (id != null && (proc.isCaptured() || known.test(id.inode()))) {
      into.byInode().putIfAbsent(id.inode(), name);
    } else if (id != null && !"nsfs".equals(file.kind())) {
      into.strays().add(shown(name));
    } else if (id != null) {
      identifyNamespace(name, id.inode(), into);
    }
  }

  private void identifyNamespace(String name, long inode, FoundNames into) {
    HostTree.Handle handle = tree.open(FOLDER + "/" + name);
    if (handle.fd() < 0) {
      into.gaps().add(unidentified(name, handle.why()));
      return;
    }
    int type = NamespaceCalls.type(handle.fd());
    proc.close(handle.fd());
    if (type == CLONE_NEWNET) {
      into.byInode().putIfAbsent(inode, name);
    } else if (type >= 0 || Refusal.NAMESPACE.is(-type)) {
      into.strays().add(shown(name));
    } else {
      into.gaps().add(unidentified(name, Errno.describe(-type)));
    }
  }

  private Gap unidentified(String raw, String why) {
    String name = shown(raw);
    return new Gap(
        source,
        Gap.What.NAMESPACE,
        "namespace " + name + " cannot be identified: " + why,
        null,
        Place.in(name));
  }
}
