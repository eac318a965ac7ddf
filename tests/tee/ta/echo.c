/* Gives back what it is given, and counts. */
#include <tee_internal_api.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x01 } }
#define TA_FLAGS (TA_FLAG_SINGLE_INSTANCE | TA_FLAG_MULTI_SESSION | TA_FLAG_INSTANCE_KEEP_ALIVE)
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x8000
#define TA_VERSION "1.2"
#define TA_DESCRIPTION "echoes"
#include <user_ta_header.h>

enum command {
	COMMAND_NOTHING = 0, /* no parameters */
	COMMAND_VALUES = 1,  /* value in, value out: sum and exclusive or, value in and out: swapped */
	COMMAND_MEMORY = 2,  /* memory in, memory out: a copy, memory in and out: reversed */
	COMMAND_COUNTS = 3,  /* value out: invocations of session and instance; value out: sessions open and ever */
	COMMAND_FAIL = 4,    /* value in: the result; value out: 1 and 2 all the same */
	COMMAND_LOG = 5,     /* memory in: a text */
	COMMAND_TYPES = 6,   /* any; value out in the last: the types of all */
};

struct session {
	uint32_t invocations;
};

static uint32_t invocations;
static uint32_t sessions_open;
static uint32_t sessions_ever;
static uint32_t constructed;

static void __attribute__((constructor)) construct(void)
{
	constructed = 1;
}

TEE_Result TA_CreateEntryPoint(void)
{
	/* A constructor that did not run would go unnoticed otherwise. */
	return constructed ? TEE_SUCCESS : TEE_ERROR_BAD_STATE;
}

void TA_DestroyEntryPoint(void)
{
}

/* A value in as first parameter is the result of the open. */
TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	struct session *session;

	if (TEE_PARAM_TYPE_GET(types, 0) == TEE_PARAM_TYPE_VALUE_INPUT && params[0].value.a)
		return params[0].value.a;
	session = TEE_Malloc(sizeof(*session), TEE_MALLOC_FILL_ZERO);
	if (!session)
		return TEE_ERROR_OUT_OF_MEMORY;
	*context = session;
	sessions_open++;
	sessions_ever++;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	TEE_Free(context);
	sessions_open--;
}

static TEE_Result values(uint32_t types, TEE_Param params[4])
{
	uint32_t swapped;

	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_VALUE_OUTPUT,
				     TEE_PARAM_TYPE_VALUE_INOUT, TEE_PARAM_TYPE_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	params[1].value.a = params[0].value.a + params[0].value.b;
	params[1].value.b = params[0].value.a ^ params[0].value.b;
	swapped = params[2].value.a;
	params[2].value.a = params[2].value.b;
	params[2].value.b = swapped;
	return TEE_SUCCESS;
}

static void reverse(uint8_t *bytes, size_t size)
{
	for (size_t index = 0; index < size / 2; index++) {
		uint8_t kept = bytes[index];

		bytes[index] = bytes[size - 1 - index];
		bytes[size - 1 - index] = kept;
	}
}

static TEE_Result memory(uint32_t types, TEE_Param params[4])
{
	size_t size = params[0].memref.size;

	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_MEMREF_INPUT, TEE_PARAM_TYPE_MEMREF_OUTPUT,
				     TEE_PARAM_TYPE_MEMREF_INOUT, TEE_PARAM_TYPE_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	if (params[1].memref.size < size) {
		params[1].memref.size = size;
		return TEE_ERROR_SHORT_BUFFER;
	}
	TEE_MemMove(params[1].memref.buffer, params[0].memref.buffer, size);
	params[1].memref.size = size;
	reverse(params[2].memref.buffer, params[2].memref.size);
	return TEE_SUCCESS;
}

static TEE_Result counts(uint32_t types, TEE_Param params[4], const struct session *session)
{
	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_OUTPUT, TEE_PARAM_TYPE_VALUE_OUTPUT, TEE_PARAM_TYPE_NONE,
				     TEE_PARAM_TYPE_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	params[0].value.a = session->invocations;
	params[0].value.b = invocations;
	params[1].value.a = sessions_open;
	params[1].value.b = sessions_ever;
	return TEE_SUCCESS;
}

static TEE_Result fail(uint32_t types, TEE_Param params[4])
{
	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_VALUE_OUTPUT, TEE_PARAM_TYPE_NONE,
				     TEE_PARAM_TYPE_NONE))
		return TEE_ERROR_BAD_PARAMETERS;
	params[1].value.a = 1;
	params[1].value.b = 2;
	return params[0].value.a;
}

static TEE_Result log_text(uint32_t types, TEE_Param params[4])
{
	if (TEE_PARAM_TYPE_GET(types, 0) != TEE_PARAM_TYPE_MEMREF_INPUT)
		return TEE_ERROR_BAD_PARAMETERS;
	IMSG("%.*s", (int)params[0].memref.size, (const char *)params[0].memref.buffer);
	return TEE_SUCCESS;
}

static TEE_Result show_types(uint32_t types, TEE_Param params[4])
{
	if (TEE_PARAM_TYPE_GET(types, 3) != TEE_PARAM_TYPE_VALUE_OUTPUT)
		return TEE_ERROR_BAD_PARAMETERS;
	params[3].value.a = types;
	params[3].value.b = 0;
	return TEE_SUCCESS;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	struct session *session = context;

	session->invocations++;
	invocations++;
	switch (command) {
	case COMMAND_NOTHING:
		return TEE_SUCCESS;
	case COMMAND_VALUES:
		return values(types, params);
	case COMMAND_MEMORY:
		return memory(types, params);
	case COMMAND_COUNTS:
		return counts(types, params, session);
	case COMMAND_FAIL:
		return fail(types, params);
	case COMMAND_LOG:
		return log_text(types, params);
	case COMMAND_TYPES:
		return show_types(types, params);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}
