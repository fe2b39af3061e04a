package io.portcurfew.config;

import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;

/**
 * The result of reading all files once.
 *
 * @param stamps the attributes of each file before it was read, also of bad and missing files
 */
public record LoadAttempt(ReadResult<LoadedConfig> read, FileStamps stamps) {}
