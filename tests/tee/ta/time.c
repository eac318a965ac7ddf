/* Clocks, sleep, random bytes, cancellation, access rights and the heap. */
#include <string.h>
#include <tee_internal_api.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x04 } }
#define TA_FLAGS 0
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x10000
#include <user_ta_header.h>

/* All answer 1 in a value out if what is said holds, and a hint of what does not otherwise. */
enum command {
	COMMAND_SYSTEM_TIME = 0, /* it does not run backwards, and thousandths stay below 1000 */
	COMMAND_REE_TIME = 1,    /* it is later than 2020 */
	COMMAND_WAIT = 2,        /* value in: milliseconds; a sleep takes as long, and not ten seconds more */
	COMMAND_PERSISTENT = 3,  /* a time that is set runs on; without a value in a: it is not set */
	COMMAND_RANDOM = 4,      /* memory out: random bytes; two draws differ, and 5000 bytes are not all equal */
	COMMAND_RIGHTS = 5,      /* memory in, memory out: what may be read and written, and what not */
	COMMAND_CANCEL = 6,      /* masked at first, unmasked, masked again; no request */
	COMMAND_HEAP = 7,        /* allocations do not overlap, are zeroed and can grow; the heap ends */
	COMMAND_INSTANCE = 8,    /* instance data is kept */
};

TEE_Result TA_CreateEntryPoint(void)
{
	static int kept = 42;

	TEE_SetInstanceData(&kept);
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)types;
	(void)params;
	(void)context;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

static int64_t milliseconds(const TEE_Time *time)
{
	return (int64_t)time->seconds * 1000 + time->millis;
}

static uint32_t system_time(void)
{
	TEE_Time first;
	TEE_Time second;

	TEE_GetSystemTime(&first);
	TEE_GetSystemTime(&second);
	return first.millis < 1000 && second.millis < 1000 && milliseconds(&first) <= milliseconds(&second);
}

static uint32_t ree_time(void)
{
	TEE_Time time;

	TEE_GetREETime(&time);
	return time.seconds > 1577836800 && time.millis < 1000;
}

static uint32_t wait_some(uint32_t wanted)
{
	TEE_Time before;
	TEE_Time after;
	int64_t waited;

	TEE_GetSystemTime(&before);
	if (TEE_Wait(wanted) != TEE_SUCCESS)
		return 2;
	TEE_GetSystemTime(&after);
	waited = milliseconds(&after) - milliseconds(&before);
	/* Each reading is cut to a thousandth. */
	return waited + 1 >= wanted && waited < (int64_t)wanted + 10000;
}

static TEE_Result persistent(uint32_t seconds, uint32_t *answer)
{
	TEE_Time time = { seconds, 0 };
	TEE_Result result;

	if (seconds) {
		result = TEE_SetTAPersistentTime(&time);
		if (result != TEE_SUCCESS)
			return result;
	}
	result = TEE_GetTAPersistentTime(&time);
	*answer = result == TEE_SUCCESS && time.seconds >= seconds && time.seconds - seconds < 10;
	return result;
}

static uint32_t random_bytes(TEE_Param *output)
{
	static uint8_t many[5000];
	uint8_t first[16];
	uint8_t second[16];
	size_t index;

	TEE_GenerateRandom(output->memref.buffer, output->memref.size);
	TEE_GenerateRandom(first, sizeof(first));
	TEE_GenerateRandom(second, sizeof(second));
	TEE_GenerateRandom(many, sizeof(many));
	/* The last chunk is filled too. */
	for (index = 4900; index < sizeof(many) && !many[index]; index++)
		;
	output->memref.size = 0;
	return TEE_MemCompare(first, second, sizeof(first)) != 0 && index < sizeof(many);
}

static bool may(uint32_t flags, const void *buffer, size_t size)
{
	return TEE_CheckMemoryAccessRights(flags, (void *)(uintptr_t)buffer, size) == TEE_SUCCESS;
}

static uint32_t rights(const TEE_Param *input, const TEE_Param *output)
{
	const uint32_t read = TEE_MEMORY_ACCESS_READ;
	const uint32_t write = TEE_MEMORY_ACCESS_WRITE;
	const uint32_t any = TEE_MEMORY_ACCESS_ANY_OWNER;
	static uint32_t own;
	uint32_t local;

	if (!may(read | write, &own, sizeof(own)) || !may(read | write, &local, sizeof(local)))
		return 2;
	if (!may(read, (const void *)(uintptr_t)may, 16) || may(write, (const void *)(uintptr_t)may, 16))
		return 3;
	if (!may(read | any, input->memref.buffer, input->memref.size))
		return 4;
	if (may(read | write | any, input->memref.buffer, input->memref.size))
		return 5;
	if (!may(read | write | any, output->memref.buffer, output->memref.size))
		return 6;
	/* What others share with the TA is not its own. */
	if (may(read, input->memref.buffer, input->memref.size) || may(write, output->memref.buffer, output->memref.size))
		return 7;
	if (may(read | any, NULL, 16) || may(read | any, (const void *)8, SIZE_MAX))
		return 8;
	if (!may(read | write, NULL, 0))
		return 9;
	return 1;
}

static uint32_t cancel(void)
{
	if (TEE_GetCancellationFlag())
		return 2;
	if (!TEE_UnmaskCancellation() || TEE_UnmaskCancellation())
		return 3;
	if (TEE_MaskCancellation() || !TEE_MaskCancellation())
		return 4;
	return !TEE_GetCancellationFlag();
}

static uint32_t heap(void)
{
	uint8_t *first = TEE_Malloc(1000, TEE_MALLOC_FILL_ZERO);
	uint8_t *second = TEE_Malloc(1000, TEE_MALLOC_FILL_ZERO);

	if (!first || !second || first[999] || second[999])
		return 2;
	TEE_MemFill(first, 0xaa, 1000);
	TEE_MemFill(second, 0xbb, 1000);
	first = TEE_Realloc(first, 3000);
	if (!first || first[0] != 0xaa || first[999] != 0xaa || second[0] != 0xbb)
		return 3;
	if (TEE_Malloc(TA_DATA_SIZE, TEE_MALLOC_FILL_ZERO) || TEE_Malloc(SIZE_MAX, TEE_MALLOC_FILL_ZERO))
		return 4;
	TEE_Free(first);
	TEE_Free(second);
	TEE_Free(NULL);
	/* Given back, it can be had in one piece. */
	first = TEE_Malloc(TA_DATA_SIZE * 3 / 4, TEE_MALLOC_FILL_ZERO);
	if (!first || first[0] || first[999])
		return 5;
	TEE_Free(first);
	return 1;
}

static TEE_Result check(uint32_t command, TEE_Param params[4], uint32_t *answer)
{
	switch (command) {
	case COMMAND_SYSTEM_TIME:
		*answer = system_time();
		return TEE_SUCCESS;
	case COMMAND_REE_TIME:
		*answer = ree_time();
		return TEE_SUCCESS;
	case COMMAND_WAIT:
		*answer = wait_some(params[0].value.a);
		return TEE_SUCCESS;
	case COMMAND_PERSISTENT:
		return persistent(params[0].value.a, answer);
	case COMMAND_RANDOM:
		*answer = random_bytes(&params[1]);
		return TEE_SUCCESS;
	case COMMAND_RIGHTS:
		*answer = rights(&params[0], &params[1]);
		return TEE_SUCCESS;
	case COMMAND_CANCEL:
		*answer = cancel();
		return TEE_SUCCESS;
	case COMMAND_HEAP:
		*answer = heap();
		return TEE_SUCCESS;
	case COMMAND_INSTANCE:
		*answer = *(int *)TEE_GetInstanceData() == 42;
		return TEE_SUCCESS;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

/* The parameters before the value out that each command takes. */
static uint32_t expected(uint32_t command)
{
	const uint32_t value = TEE_PARAM_TYPE_VALUE_INPUT;
	const uint32_t none = TEE_PARAM_TYPE_NONE;

	switch (command) {
	case COMMAND_WAIT:
	case COMMAND_PERSISTENT:
		return TEE_PARAM_TYPES(value, none, TEE_PARAM_TYPE_VALUE_OUTPUT, none);
	case COMMAND_RANDOM:
		return TEE_PARAM_TYPES(none, TEE_PARAM_TYPE_MEMREF_OUTPUT, TEE_PARAM_TYPE_VALUE_OUTPUT, none);
	case COMMAND_RIGHTS:
		return TEE_PARAM_TYPES(TEE_PARAM_TYPE_MEMREF_INPUT, TEE_PARAM_TYPE_MEMREF_OUTPUT,
				       TEE_PARAM_TYPE_VALUE_OUTPUT, none);
	default:
		return TEE_PARAM_TYPES(none, none, TEE_PARAM_TYPE_VALUE_OUTPUT, none);
	}
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	(void)context;
	if (types != expected(command))
		return TEE_ERROR_BAD_PARAMETERS;
	params[2].value.a = 0;
	params[2].value.b = 0;
	return check(command, params, &params[2].value.a);
}
