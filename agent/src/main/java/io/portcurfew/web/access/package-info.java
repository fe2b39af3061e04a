/** The protection of the web server: TLS, logins and the limit of requests. */
@NullMarked
package io.portcurfew.web.access;

import org.jspecify.annotations.NullMarked;
