package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.container.ContainerFinder;
import io.portcurfew.observe.linux.owner.ProcessOwnerReader;
import io.portcurfew.observe.linux.proc.ProcessFolder;

/**
 * A process in a network namespace.
 *
 * @param label the name that the namespace has from it: a container or a unit, or empty
 * @param since its start in ticks after boot; the maximum value if it is not known
 */
record NamespaceMember(ProcessFolder process, String label, long since) {

  static NamespaceMember of(ProcessFolder process) {
    Long since = ProcessOwnerReader.startTicks(process);
    return new NamespaceMember(
        process, ContainerFinder.namespaceName(process), since == null ? Long.MAX_VALUE : since);
  }
}
