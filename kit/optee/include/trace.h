/* Lines for the log. The formats know %d %i %u %x %X %p %c %s %%, with width, precision and lengths. */
#ifndef TRACE_H
#define TRACE_H

#include <stdarg.h>
#include <stdint.h>

#define TRACE_ERROR 1
#define TRACE_INFO 2
#define TRACE_DEBUG 3
#define TRACE_FLOW 4

/* Lines above this level are not compiled in. */
#ifndef TRACE_LEVEL
#define TRACE_LEVEL TRACE_DEBUG
#endif

void utee_vtrace(uint32_t level, const char *function, uint32_t line, const char *format, va_list arguments);

static inline void __attribute__((format(printf, 4, 5)))
utee_trace(uint32_t level, const char *function, uint32_t line, const char *format, ...)
{
	va_list arguments;

	if (level > TRACE_LEVEL)
		return;
	va_start(arguments, format);
	utee_vtrace(level, function, line, format, arguments);
	va_end(arguments);
}

#define EMSG(...) utee_trace(TRACE_ERROR, __func__, __LINE__, __VA_ARGS__)
#define IMSG(...) utee_trace(TRACE_INFO, __func__, __LINE__, __VA_ARGS__)
#define DMSG(...) utee_trace(TRACE_DEBUG, __func__, __LINE__, __VA_ARGS__)
#define FMSG(...) utee_trace(TRACE_FLOW, __func__, __LINE__, __VA_ARGS__)

#endif
