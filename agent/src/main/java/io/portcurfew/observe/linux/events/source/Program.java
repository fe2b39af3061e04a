package io.portcurfew.observe.linux.events.source;

/**
 * The file that a process runs, as perf reported it at execve(2).
 *
 * @param path in the mount namespace of the process; each character stands for one byte
 *     (ISO-8859-1), since a path may not be UTF-8
 * @param device as {@link io.portcurfew.observe.linux.proc.FileId#device}
 */
public record Program(String path, long device, long inode) {}
