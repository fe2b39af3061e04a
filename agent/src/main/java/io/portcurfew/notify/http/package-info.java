/** HTTP requests to receivers. */
@NullMarked
package io.portcurfew.notify.http;

import org.jspecify.annotations.NullMarked;
