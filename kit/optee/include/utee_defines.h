/* What belongs to the image of a TA and not to the API. */
#ifndef UTEE_DEFINES_H
#define UTEE_DEFINES_H

#include <stdint.h>

/* Flags of a TA's head. */
#define TA_FLAG_SINGLE_INSTANCE 0x00000004U
#define TA_FLAG_MULTI_SESSION 0x00000008U
#define TA_FLAG_INSTANCE_KEEP_ALIVE 0x00000010U
#define TA_FLAG_SECURE_DATA_PATH 0x00000020U
#define TA_FLAG_CACHE_MAINTENANCE 0x00000080U
#define TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT 0x00000800U
#define TA_FLAG_INSTANCE_KEEP_CRASHED 0x00002000U

/* What the value of a property points to. */
enum ta_property_type {
	TA_PROPERTY_BOOL = 0,     /* bool */
	TA_PROPERTY_U32 = 1,      /* uint32_t */
	TA_PROPERTY_UUID = 2,     /* TEE_UUID */
	TA_PROPERTY_IDENTITY = 3, /* TEE_Identity */
	TA_PROPERTY_STRING = 4,   /* text that ends with a NUL */
	TA_PROPERTY_BINARY = 5,   /* text that ends with a NUL: the block in base64 */
	TA_PROPERTY_U64 = 6,      /* uint64_t */
};

/* A property that a TA defines for itself. */
struct ta_property {
	const char *name;
	enum ta_property_type type;
	const void *value;
};

#endif
