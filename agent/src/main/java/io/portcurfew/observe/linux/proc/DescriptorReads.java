package io.portcurfew.observe.linux.proc;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads open files and folders with raw system calls, whose answers stay in one memory: a read
 * allocates only its result. Not thread-safe.
 */
class DescriptorReads {

  final NativeBuffer data = new NativeBuffer(64 * 1024);
  private int error;

  /** Returns the error number of the last failed call on this object. */
  public int error() {
    return error;
  }

  /** Sets the error number for a read that was left out. */
  void fail(int errno) {
    error = errno;
  }

  /** Sets the error number to 0. */
  public void forgetError() {
    error = 0;
  }

  long checked(long result) {
    if (result < 0) {
      error = Native.getLastError();
    }
    return result;
  }

  /** Returns all entries of an open folder whose names are numbers. */
  int[] numbers(int folder) {
    int[] all = new int[0];
    int[] some = someNumbers(folder, Integer.MAX_VALUE);
    while (some != null) {
      int before = all.length;
      all = Arrays.copyOf(all, before + some.length);
      System.arraycopy(some, 0, all, before, some.length);
      some = someNumbers(folder, Integer.MAX_VALUE);
    }
    return all;
  }

  /**
   * Returns the next entries of an open folder whose names are numbers, or {@code null} at its end.
   *
   * @param folder the descriptor of the folder
   * @param most the approximate maximum number of entries
   */
  int @Nullable [] someNumbers(int folder, int most) {
    long size = Math.min(data.size(), Math.max(1L, most) * FolderEntries.USUAL_SIZE);
    long length = checked(Libc.getdents64(folder, data.address(), size));
    if (length <= 0) {
      return null;
    }
    return FolderEntries.numbers(data.bytes(), (int) length);
  }

  /** Returns about {@code most} names of an open folder, or {@code null} if that fails. */
  public @Nullable List<String> names(int folder, int most) {
    List<String> names = new ArrayList<>();
    long length = 1;
    while (length > 0 && names.size() < most) {
      length = checked(Libc.getdents64(folder, data.address(), data.size()));
      FolderEntries.addNames(data.bytes(), (int) Math.max(length, 0), names);
    }
    return length < 0 ? null : names;
  }

  /**
   * Reads at most about {@code most} bytes of an open file and closes it, or returns {@code null}
   * if that fails.
   */
  public byte @Nullable [] readWholeAndClose(int fd, int most) {
    byte[] whole = readWhole(fd, most);
    close(fd);
    return whole;
  }

  /** The same, but leaves the file open. */
  public byte @Nullable [] readWhole(int fd, int most) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long got = fd < 0 ? -1 : 1;
    while (got > 0 && whole.size() < most) {
      got = checked(Libc.read(fd, data.address(), data.size()));
      whole.write(data.copy((int) Math.max(got, 0)), 0, (int) Math.max(got, 0));
    }
    return got < 0 ? null : whole.toByteArray();
  }

  /**
   * Reads an open file that one call returns whole into {@link #data} and closes it; returns the
   * number of bytes, or -1 if that fails.
   */
  int readOnceAndClose(int fd) {
    long length = fd < 0 ? -1 : checked(Libc.read(fd, data.address(), data.size()));
    close(fd);
    return (int) length;
  }

  /** Reads at most about {@code most} bytes of an open file from its start, up to 64 KiB. */
  byte @Nullable [] readFromStart(int fd, int most) {
    long length = fd < 0 ? -1 : checked(data.fill(fd, most));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Returns the first bytes of an open file; what is read from it next begins with them too. */
  public byte @Nullable [] startOf(int fd, int most) {
    long length = fd < 0 ? -1 : checked(Libc.pread(fd, data.address(), most, 0));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Reads at most {@code most} bytes of an open file, and closes it unless that is -1. */
  byte @Nullable [] readAndClose(int fd, int most) {
    if (fd < 0) {
      return null;
    }
    long length = 0;
    long got = 1;
    while (got > 0 && length < most) {
      got = checked(Libc.read(fd, data.address() + length, most - length));
      length += Math.max(got, 0);
    }
    close(fd);
    return got < 0 ? null : data.copy((int) length);
  }

  /** Closes a descriptor, and does nothing for -1. */
  public void close(int fd) {
    if (fd >= 0) {
      Libc.close(fd);
    }
  }
}
