package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a file from statx(2).
 *
 * @param device the device of the file system
 * @param inode the number of the file on the device
 * @param links the number of its names, or 0 if the file was deleted or never had a name
 * @param uid the owner
 * @param changed the time of the last change of its content or attributes, in nanoseconds after
 *     1970
 * @param isLink true if the file is a symbolic link
 * @param othersWrite true if its mode lets its group or other users write; an access control list
 *     shows in the bits of the group (acl(5))
 */
public record FileId(
    long device,
    long inode,
    int links,
    long uid,
    long changed,
    boolean isLink,
    boolean othersWrite) {

  /** Returns true if only root may write to it. Everybody may write to a link, to no effect. */
  public boolean isOfRootAlone() {
    return uid == 0 && (isLink || !othersWrite);
  }

  /** Returns true if both are the same file, even if its attributes have changed. */
  public boolean isSameAs(FileId other) {
    return device == other.device && inode == other.inode;
  }

  // By hand: Java's quick compiler runs the generated methods by a chain of method handles.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileId file
        && inode == file.inode
        && device == file.device
        && links == file.links
        && uid == file.uid
        && changed == file.changed
        && isLink == file.isLink
        && othersWrite == file.othersWrite;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(inode) + Long.hashCode(changed);
  }
}
