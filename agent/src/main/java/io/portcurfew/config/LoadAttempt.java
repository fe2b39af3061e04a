package io.portcurfew.config;

import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;

/**
 * One reading of all files.
 *
 * @param stamps how each file stood just before it was read, also where it is bad or not there
 */
public record LoadAttempt(ReadResult<LoadedConfig> read, FileStamps stamps) {}
