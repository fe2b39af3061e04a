package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.Nullable;

/**
 * The mount and the device of a file.
 *
 * @param mount the number of the mount, or {@code null} before Linux 5.8
 * @param device the device of the file system
 */
public record FilePlace(@Nullable Integer mount, long device) {}
