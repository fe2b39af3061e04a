package io.portcurfew.observe.linux.proc;

import java.nio.ByteBuffer;

/** Parses the struct statx of linux/stat.h; pure. */
final class StatxAnswer {

  /** The fields STATX_TYPE, STATX_NLINK, STATX_UID, STATX_CTIME and STATX_INO. */
  static final int ID = 0x1 | 0x4 | 0x8 | 0x80 | 0x100;

  /** The field STATX_MNT_ID, which exists since Linux 5.8. */
  static final int PLACE = 0x1000;

  private static final int NLINK_AT = 16;
  private static final int UID_AT = 20;
  private static final int MODE_AT = 28;
  private static final int INO_AT = 32;
  private static final int CTIME_AT = 96;
  private static final int DEV_MAJOR_AT = 136;
  private static final int DEV_MINOR_AT = 140;
  private static final int MNT_ID_AT = 144;

  private static final int S_IFMT = 0xF000;
  private static final int S_IFLNK = 0xA000;

  /** S_IWGRP and S_IWOTH (inode(7)). */
  private static final int OTHERS_WRITE = 0x12;

  private StatxAnswer() {}

  /** Returns the identity of the file from the fields of {@link #ID}. */
  static FileId id(ByteBuffer statx) {
    return new FileId(
        device(statx),
        statx.getLong(INO_AT),
        statx.getInt(NLINK_AT),
        statx.getInt(UID_AT) & 0xFFFFFFFFL,
        statx.getLong(CTIME_AT) * 1_000_000_000 + statx.getInt(CTIME_AT + 8),
        (statx.getShort(MODE_AT) & S_IFMT) == S_IFLNK,
        (statx.getShort(MODE_AT) & OTHERS_WRITE) != 0);
  }

  /** Returns the mount and the device from the field of {@link #PLACE}. */
  static FilePlace place(ByteBuffer statx) {
    boolean known = (statx.getInt(0) & PLACE) != 0;
    return new FilePlace(known ? (int) statx.getLong(MNT_ID_AT) : null, device(statx));
  }

  private static long device(ByteBuffer statx) {
    return ((long) statx.getInt(DEV_MAJOR_AT) << 32) | (statx.getInt(DEV_MINOR_AT) & 0xFFFFFFFFL);
  }
}
