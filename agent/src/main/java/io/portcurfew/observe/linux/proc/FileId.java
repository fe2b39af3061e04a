package io.portcurfew.observe.linux.proc;

/**
 * A file as statx(2) identifies it.
 *
 * @param links how many names it has; 0 where it was deleted or never had one
 * @param changed when its content or its attributes last changed, in nanoseconds after 1970
 * @param isLink whether it is a symbolic link itself
 */
public record FileId(long device, long inode, int links, long uid, long changed, boolean isLink) {

  /** Whether both are the same file, even if its attributes have changed. */
  boolean isSameAs(FileId other) {
    return device == other.device && inode == other.inode;
  }
}
